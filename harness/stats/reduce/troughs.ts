import type { Levels } from '../prepare/levels.js';
import { quantile, sortSamples } from '../sorted-samples.js';
import { groupPoints, type Points, spanMs } from './points.js';

/** A fall and a rise count from half of the central 90 % of the residuals. */
const THRESHOLD_SHARE = 0.5;

/** Of longer series this many readings, evenly chosen, tell the quantiles well enough. */
const MAX_SORTED = 20_000;

/** Fewer confirmed minima leave no degrees of freedom to doubt a line with. */
const MIN_TROUGHS = 6;

/** The minima must span more than this share of the series. */
const MIN_SPAN_SHARE = 0.5;

/**
 * Confirmed minima of a sawtooth whatever its period: readings where the series, its trend removed, has fallen
 * by the threshold and risen by it again. The unfinished last tooth gives none. `residuals` is the series
 * without its trend. Null when there are too few or they bunch together.
 */
export function confirmedTroughs(levels: Levels, residuals: Float64Array): Points | null {
  const stride = Math.ceil(residuals.length / MAX_SORTED);
  const sorted = sortSamples(residuals.filter((_, i) => i % stride === 0));
  if (sorted === null) return null;
  const threshold = THRESHOLD_SHARE * (quantile(sorted, 0.95) - quantile(sorted, 0.05));
  if (!(threshold > 0)) return null;
  const indices = zigzagMinima(residuals, threshold);
  const pick = (column: Float64Array): Float64Array => Float64Array.from(indices, (i) => column[i] as number);
  const { elapsedMs, lows, load } = levels;
  const troughs = { elapsedMs: pick(elapsedMs), values: pick(lows), load: load === null ? null : pick(load) };
  const wide = spanMs(troughs) > MIN_SPAN_SHARE * spanMs(levels);
  return indices.length >= MIN_TROUGHS && wide ? groupPoints(troughs) : null;
}

/** Indices of minima between a fall and a rise of at least `threshold` each. */
export function zigzagMinima(values: Float64Array, threshold: number): readonly number[] {
  const minima: number[] = [];
  let high = values[0] ?? 0;
  let lowIndex = -1;
  for (let i = 1; i < values.length; i++) {
    const value = values[i] as number;
    if (lowIndex < 0) {
      high = Math.max(high, value);
      if (high - value >= threshold) lowIndex = i;
    } else {
      if (value < (values[lowIndex] as number)) lowIndex = i;
      if (value - (values[lowIndex] as number) >= threshold) {
        minima.push(lowIndex);
        lowIndex = -1;
        high = value;
      }
    }
  }
  return minima;
}
