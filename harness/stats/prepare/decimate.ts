import type { Levels } from './levels.js';

/** Above this many readings pairs are merged: 12 days at 1 Hz, 8 MB per column. */
const MAX_READINGS = 1_000_000;

/**
 * Merges neighbouring readings until at most `limit` are left. Of each pair the mean time and level and the
 * lowest level stay, which is all that the reductions look at; an odd last reading stays as it is.
 */
export function decimate(levels: Levels, limit: number = MAX_READINGS): Levels {
  let current = levels;
  while (current.values.length > limit) current = halve(current);
  return current;
}

function halve({ elapsedMs, values, lows, load }: Levels): Levels {
  const half = Math.ceil(values.length / 2);
  const merge = (column: Float64Array, join: (a: number, b: number) => number): Float64Array =>
    Float64Array.from({ length: half }, (_, i) => {
      const first = column[2 * i] as number;
      return join(first, column[2 * i + 1] ?? first);
    });
  const middle = (a: number, b: number): number => (a + b) / 2;
  return {
    elapsedMs: merge(elapsedMs, middle),
    values: merge(values, middle),
    lows: merge(lows, Math.min),
    load: load === null ? null : merge(load, middle),
  };
}
