import type { Levels } from '../prepare/levels.js';

/** Readings `from` (included) to `to` (excluded) of one bucket; never empty. */
export interface Bucket {
  readonly from: number;
  readonly to: number;
}

/** Divides a series into buckets of equal time; empty ones are left out. */
export function timeBuckets({ elapsedMs }: Pick<Levels, 'elapsedMs'>, count: number): readonly Bucket[] {
  const length = elapsedMs.length;
  const start = elapsedMs[0] ?? 0;
  const width = ((elapsedMs[length - 1] ?? 0) - start) / count;
  const buckets: Bucket[] = [];
  let from = 0;
  for (let b = 1; b <= count && from < length; b++) {
    const limit = b === count ? Number.POSITIVE_INFINITY : start + b * width;
    let to = from;
    while (to < length && (elapsedMs[to] as number) < limit) to++;
    if (to > from) buckets.push({ from, to });
    from = to;
  }
  return buckets;
}

/** Mean of a column over a bucket. */
export function bucketMean(column: Float64Array, { from, to }: Bucket): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += column[i] as number;
  return sum / (to - from);
}
