import type { Levels } from '../prepare/levels.js';
import { type SortedSamples, sortSamples, trimmedMean } from '../sorted-samples.js';
import { MAX_POINTS, type Points } from './points.js';
import { type Bucket, bucketMean, timeBuckets } from './time-buckets.js';

/** Share of a bucket's readings left out at each end, at least one, so that a spike does not move its bucket. */
const TRIM = 0.2;

/** Smaller buckets are averaged whole. */
const MIN_TRIMMED = 4;

/**
 * Trimmed means of equal-time buckets at their mean time; the readings themselves where they are few. Unbiased for
 * symmetric noise, 95 % efficient for normal noise, untouched by a fifth of outliers on either side.
 */
export function bucketMeans(levels: Levels): Points {
  const { elapsedMs, values, load } = levels;
  if (values.length <= MAX_POINTS) return { elapsedMs, values, load };
  const buckets = timeBuckets(levels, MAX_POINTS);
  const sorted = buckets.map(({ from, to }) => sortSamples(values.subarray(from, to)) as SortedSamples);
  const over = (column: Float64Array): Float64Array =>
    Float64Array.from(buckets, (bucket: Bucket) => bucketMean(column, bucket));
  return {
    elapsedMs: over(elapsedMs),
    values: Float64Array.from(sorted, trimmed),
    load: load === null ? null : over(load),
  };
}

function trimmed(bucket: SortedSamples): number {
  if (bucket.length < MIN_TRIMMED) return trimmedMean(bucket, 0);
  return trimmedMean(bucket, Math.max(TRIM, 1 / bucket.length));
}
