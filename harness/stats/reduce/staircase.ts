import type { Levels } from '../prepare/levels.js';
import { median, quantile, type SortedSamples, sortSamples } from '../sorted-samples.js';
import { MAX_POINTS } from './points.js';
import { timeBuckets } from './time-buckets.js';

/** A series that repeats its previous reading more often than this is an undithered staircase. */
const STAIRCASE_SHARE = 0.6;

/** Readings to a bucket: medians of five are blind to spikes of two readings, which are no risers. */
const READINGS_PER_BUCKET = 5;
const MIN_BUCKETS = 4;

/** Among a staircase's steps the riser is this quantile, so that one jump among small steps is not the riser. */
const RISER_QUANTILE = 0.25;

/**
 * Riser of an undithered staircase, in resolution steps and at least one; 0 for series that move. The growth of
 * such a series is known only to about one riser, however small its residuals.
 */
export function staircaseRiser(levels: Levels): number {
  const { values } = levels;
  let repeats = 0;
  for (let i = 1; i < values.length; i++) if (values[i] === values[i - 1]) repeats++;
  if (repeats <= STAIRCASE_SHARE * (values.length - 1)) return 0;
  const count = Math.max(MIN_BUCKETS, Math.min(MAX_POINTS, Math.floor(values.length / READINGS_PER_BUCKET)));
  const medians = timeBuckets(levels, count).map(({ from, to }) =>
    median(sortSamples(values.subarray(from, to)) as SortedSamples),
  );
  const risers: number[] = [];
  for (let i = 1; i < medians.length; i++) {
    const riser = Math.abs((medians[i] as number) - (medians[i - 1] as number));
    if (riser > 0) risers.push(riser);
  }
  const sorted = sortSamples(risers);
  return sorted === null ? 1 : Math.max(1, quantile(sorted, RISER_QUANTILE));
}
