import type { Levels } from '../prepare/levels.js';
import type { Points } from './points.js';
import { timeBuckets } from './time-buckets.js';

/** Bucket counts tried: a floor is clean when every bucket holds a whole clean-up cycle. */
export const FLOOR_BUCKETS = [12, 24, 48] as const;

/** Fewer readings to a bucket have no floor to speak of. */
export const MIN_READINGS_PER_FLOOR = 5;

/**
 * The lowest reading of each equal-time bucket, at its own time: what a sawtooth of garbage or a periodic
 * clean-up returns to. Biased low by the noise, but equally in every bucket. "Lowest" is meant relative to a
 * line of `slope` per ms, so that adding a steady leak moves every floor by exactly that leak.
 */
export function bucketFloors(levels: Levels, count: number, slope: number): Points {
  const { elapsedMs, lows, load } = levels;
  const lowest = timeBuckets(levels, count).map(({ from, to }) => {
    let best = from;
    let least = Number.POSITIVE_INFINITY;
    for (let i = from; i < to; i++) {
      const level = (lows[i] as number) - slope * (elapsedMs[i] as number);
      if (level < least) [least, best] = [level, i];
    }
    return best;
  });
  const pick = (column: Float64Array): Float64Array => Float64Array.from(lowest, (i) => column[i] as number);
  return { elapsedMs: pick(elapsedMs), values: pick(lows), load: load === null ? null : pick(load) };
}
