import { median, sortSamples } from '../sorted-samples.js';
import { counted, type Dropped } from './dropped.js';
import { filterReadings, type Readings } from './readings.js';

/** Readings around a suspect that say what is usual there. */
const NEIGHBOURHOOD = 11;

/** A lone reading below this share of its neighbourhood is not memory: nothing is freed and retaken at once. */
const FAULT_SHARE = 0.2;

/** Longer runs of low readings are taken for true, unless they are 0. */
const MAX_RUN = 2;

/** Levels below this many resolution steps are small counts, which may well fall to a fifth or to 0. */
const MIN_LEVEL_STEPS = 8;

/**
 * Leaves out sampler faults: zeros, and runs of at most two readings under a fifth of the local median, in a
 * series whose level is far from 0. Left in, a few percent of equal low readings would pin every bucket
 * minimum and hide any leak. Longer faults and shallower ones are not recognised: validate at the source.
 */
export function dropSamplerFaults(
  readings: Readings,
  resolution: number,
): { readings: Readings; dropped: readonly Dropped[] } {
  const { values } = readings;
  if (values.length < NEIGHBOURHOOD || staysHigh(values)) return { readings, dropped: [] };
  const sorted = sortSamples(values);
  const level = sorted === null ? 0 : median(sorted);
  if (level < MIN_LEVEL_STEPS * resolution) return { readings, dropped: [] };
  const low = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value < level / 2 && value < FAULT_SHARE * neighbourhoodMedian(values, i)) low[i] = 1;
  }
  spareLongRuns(low, values);
  const kept = filterReadings(readings, (i) => low[i] === 0);
  return { readings: kept, dropped: counted('sampler-fault', values.length - kept.values.length) };
}

/** True when no reading can be below half of the usual level, whatever that is. */
function staysHigh(values: Float64Array): boolean {
  let [lowest, highest] = [Number.POSITIVE_INFINITY, 0];
  for (const value of values) {
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  return lowest >= highest / 2;
}

function neighbourhoodMedian(values: Float64Array, i: number): number {
  const from = Math.max(0, Math.min(values.length - NEIGHBOURHOOD, i - (NEIGHBOURHOOD >> 1)));
  const sorted = sortSamples(values.subarray(from, from + NEIGHBOURHOOD));
  return sorted === null ? 0 : median(sorted);
}

function spareLongRuns(low: Uint8Array, values: Float64Array): void {
  for (let from = 0; from < low.length; from++) {
    if (low[from] === 0) continue;
    let to = from;
    let highest = 0;
    while (to < low.length && low[to] === 1) highest = Math.max(highest, values[to++] as number);
    if (to - from > MAX_RUN && highest > 0) low.fill(0, from, to);
    from = to;
  }
}
