import type { Point } from './buckets.js';

/** Slopes of every pair of points, ascending; what Theil–Sen and Mann–Kendall both need. */
export interface PairSlopes {
  readonly sorted: Float64Array;
  /** The Theil–Sen slope: their median (Theil 1950, Sen 1968). */
  readonly median: number;
}

/** Slopes of all n(n−1)/2 pairs; the points' times must be strictly ascending and n at least 2. */
export function pairSlopes(points: readonly Point[]): PairSlopes {
  const n = points.length;
  const sorted = new Float64Array((n * (n - 1)) / 2);
  let next = 0;
  for (let i = 0; i < n; i++) {
    const from = points[i] as Point;
    for (let j = i + 1; j < n; j++) {
      const to = points[j] as Point;
      sorted[next++] = (to.value - from.value) / (to.minutes - from.minutes);
    }
  }
  sorted.sort();
  return { sorted, median: orderStatistic(sorted, (sorted.length + 1) / 2) };
}

/** The value of rank `rank` (1 is the smallest), linear between ranks, clamped to the extremes. */
export function orderStatistic(sorted: Float64Array, rank: number): number {
  const position = Math.min(sorted.length, Math.max(1, rank)) - 1;
  const below = Math.floor(position);
  const lower = sorted[below] as number;
  const upper = sorted[below + 1] ?? lower;
  return lower + (upper - lower) * (position - below);
}

/**
 * Mann–Kendall's S of `y − slope·t`: pairs that rise faster than `slope` minus pairs that rise slower, by
 * bisection, since a pair of the detrended series rises exactly when its slope exceeds `slope`.
 */
export function kendallScore(sorted: Float64Array, slope: number): number {
  const below = countUpTo(sorted, (value) => value < slope);
  const upTo = countUpTo(sorted, (value) => value <= slope);
  return sorted.length - upTo - below;
}

/** How many leading values satisfy a condition that holds for a prefix. */
function countUpTo(sorted: Float64Array, holds: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(sorted[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}
