/**
 * The trend engine: how fast a metric grows, how sure that is, and how likely the growth exceeds a budget.
 *
 * Theil–Sen slope, Sen's order-statistic interval and Mann–Kendall's test of `y − budget·t`, the variance
 * corrected for correlated readings (Hamed–Rao) and bounded for quantised ones. It assumes one straight trend
 * with noise around it: warm-up has to be cut off before, and a step in the window reads as growth.
 */
import type { Series } from '../core/recording.js';
import { type Point, reduceToPoints } from './buckets.js';
import { hamedRaoFactor } from './hamed-rao.js';
import { kendallVariance, tieGroups } from './mann-kendall.js';
import { normalCdf, Z_95 } from './normal.js';
import { kendallScore, orderStatistic, type PairSlopes, pairSlopes } from './pair-slopes.js';
import { quantisationError } from './quantised.js';

/** Growth of one series. All rates are in base units per minute and finite. */
export interface Trend {
  readonly slopePerMin: number;
  /** The 90 % two-sided interval is `slopePerMin ± halfWidthPerMin`; 0 for constant readings. */
  readonly halfWidthPerMin: number;
  /** Standard error that belongs to the half-width. */
  readonly sePerMin: number;
  /** Readings of the series, before any reduction. */
  readonly samples: number;
  /** Probability, 0…1, that the true growth exceeds `budgetPerMin`; falls (never rises) with the budget. */
  pExceeds(budgetPerMin: number): number;
}

/** Fewer readings have no usable distribution of S: 8 are the least from which a trend may be claimed. */
export const MIN_TREND_SAMPLES = 8;

/** Near the ends order statistics are single pairs; beyond this share the interval is extended linearly. */
const MAX_RANK_SHARE = 0.8;

/** Residuals closer than this part of the resolution are equal; a power of two keeps the rounding exact. */
const TIE_SHARE = 2 ** -10;

/**
 * Fits the trend of a series whose times ascend strictly. `resolution` is the smallest step the metric's
 * source can report, in base units. Null for fewer than `MIN_TREND_SAMPLES` readings.
 */
export function fitTrend(series: Series, resolution: number): Trend | null {
  const samples = series.values.length;
  if (samples < MIN_TREND_SAMPLES) return null;
  const points = reduceToPoints(series);
  if (points.length < MIN_TREND_SAMPLES) return null;
  const slopes = pairSlopes(points);
  const residuals = detrended(points, slopes.median, resolution);
  const factor = onOneLine(residuals, resolution) ? 1 : hamedRaoFactor(residuals);
  const leastError = quantisationError(series, points, residuals, factor, resolution);
  const variance = factor * kendallVariance(points.length, []);
  const halfWidthPerMin = Math.max(senHalfWidth(slopes, residuals, factor), Z_95 * leastError);
  return {
    slopePerMin: slopes.median,
    halfWidthPerMin,
    sePerMin: halfWidthPerMin / Z_95,
    samples,
    pExceeds: (budget) => exceedance(slopes, variance, leastError, budget),
  };
}

/**
 * What is left of the readings without their trend, counted from the first one. Rounded to a small part of the
 * resolution, so that readings on one line stay equal whatever the level: ties must not hang on the last bit.
 */
function detrended(points: readonly Point[], slopePerMin: number, resolution: number): number[] {
  const step = resolution * TIE_SHARE;
  const level = points[0]?.value ?? 0;
  return points.map(
    ({ minutes, value }) => step * Math.round((value - level - slopePerMin * minutes) / step),
  );
}

/** True when the residuals are mere rounding, whose correlation means nothing (a leak without noise). */
function onOneLine(residuals: readonly number[], resolution: number): boolean {
  return Math.max(...residuals) - Math.min(...residuals) <= resolution;
}

/**
 * Half of Sen's interval (Sen 1968): the pair slopes whose ranks lie `z·σ(S)/2` from the middle, the farther
 * end counting for both, so that the symmetric interval contains Sen's.
 */
function senHalfWidth(slopes: PairSlopes, residuals: readonly number[], factor: number): number {
  const { sorted, median } = slopes;
  const variance = factor * kendallVariance(residuals.length, tieGroups(residuals));
  const wanted = Z_95 * Math.sqrt(Math.max(0, variance));
  const used = Math.min(wanted, MAX_RANK_SHARE * sorted.length);
  const low = orderStatistic(sorted, (sorted.length - used) / 2);
  const high = orderStatistic(sorted, (sorted.length + used) / 2 + 1);
  const half = Math.max(high - median, median - low);
  return used > 0 ? half * (wanted / used) : 0;
}

/**
 * Mann–Kendall of `y − budget·t` with continuity correction, through the normal; where quantisation bounds
 * what can be known, the distance in those standard errors caps the certainty. `variance` is the one without
 * ties: a budget breaks ties anyway, and the same variance for each keeps the probability falling with it.
 */
function exceedance(slopes: PairSlopes, variance: number, leastError: number, budget: number): number {
  const score = kendallScore(slopes.sorted, budget);
  if (score === 0) return 0.5;
  const certainty = (Math.abs(score) - 1) / Math.sqrt(variance);
  const cap = leastError > 0 ? Math.abs(slopes.median - budget) / leastError : Number.POSITIVE_INFINITY;
  return normalCdf(Math.sign(score) * Math.min(certainty, cap));
}
