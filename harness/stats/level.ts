import type { Estimate } from './difference.js';
import { lagOneCorrelation, varianceInflation } from './model/correlation.js';
import { median, quantile, sortSamples } from './sorted-samples.js';

/** Where readings lie, whatever way they move: their median, and how sure that is. */
export interface Level extends Estimate {
  /** Standard deviation of the readings around a straight line through them. */
  readonly noise: number;
}

/** Columns of the straight line that is taken off the readings. */
const LINE = 2;

/** Normal quantile of the order statistics that the standard error is read from: a 95 % interval. */
const SPREAD_Z = 1.96;

/** Variance of rounding to steps of 1: uniform over a step. */
const ROUNDING = 1 / 12;

/**
 * The median of readings with its standard error from order statistics (McKean & Schrader 1984), which need no
 * assumption about the shape of the noise, around the straight line through the readings, since a level that
 * moves evenly is no less sure for it. Neighbouring readings say much the same: the count is divided by the
 * variance inflation of their lag-1 correlation.
 *
 * `noise` is never below the rounding of the source. Null below four readings.
 */
export function levelOf(
  elapsedMs: readonly number[],
  values: readonly number[],
  resolution: number,
): Level | null {
  const sorted = sortSamples(values);
  if (sorted === null || values.length <= LINE + 1) return null;
  const residuals = aroundLine(elapsedMs, values);
  const squares = residuals.reduce((total, value) => total + value * value, 0);
  const rounding = ROUNDING * resolution ** 2;
  const correlation = lagOneCorrelation(residuals, LINE, rounding * values.length);
  const independent = Math.max(2, values.length / varianceInflation(correlation));
  const order = sortSamples(residuals);
  const reach = SPREAD_Z / (2 * Math.sqrt(independent));
  const spread = order === null ? 0 : quantile(order, 0.5 + reach) - quantile(order, 0.5 - reach);
  return {
    value: median(sorted),
    se: spread / (2 * SPREAD_Z),
    degreesOfFreedom: Math.max(1, independent - 1),
    noise: Math.sqrt(Math.max(squares / (values.length - LINE), rounding)),
  };
}

/** Residuals of the least-squares line over time; of the mean where all readings are of one moment. */
function aroundLine(elapsedMs: readonly number[], values: readonly number[]): Float64Array {
  const mean = (numbers: readonly number[]): number =>
    numbers.reduce((total, value) => total + value, 0) / numbers.length;
  const [middle, centre] = [mean(elapsedMs), mean(values)];
  let [products, squares] = [0, 0];
  values.forEach((value, i) => {
    const time = (elapsedMs[i] as number) - middle;
    products += time * (value - centre);
    squares += time * time;
  });
  const slope = squares === 0 ? 0 : products / squares;
  return Float64Array.from(
    values,
    (value, i) => value - centre - slope * ((elapsedMs[i] as number) - middle),
  );
}
