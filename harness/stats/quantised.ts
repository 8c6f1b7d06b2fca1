import type { Series } from '../core/recording.js';
import type { Point } from './buckets.js';
import { quantile, sortSamples } from './sorted-samples.js';

/** A series that repeats its previous reading more often than this is a staircase, known only to a riser. */
const STAIRCASE_SHARE = 0.6;

/** Above this share of equal values ranks say too little, and the spread of the values has to be used. */
const TIED_SHARE = 1 / 3;

/** A new level has to show in most of this many readings: a descriptor open at one tick is no riser. */
const END_READINGS = 3;

/** Residuals beyond this many robust standard deviations are spikes … */
const SPIKE_SIGMAS = 3.5;

/** … unless more than one in twenty is that far: then it is how the metric moves. Spikes count as the limit. */
const SPIKE_QUANTILE = 0.95;

/** A median absolute deviation times this estimates a normal standard deviation. */
const MAD_TO_SIGMA = 1.4826;

/**
 * The least standard error, per minute, that quantised readings allow; 0 for continuous or constant ones.
 *
 * Ranks mislead on steps: twenty equal descriptor counts and one more at the end have a Theil–Sen interval of
 * ± 0, and any budget, however small, looks far away. Two bounds repair that, and the larger counts:
 *
 * - a *staircase* that did not end where it began is known to about one riser: half a riser over the span,
 *   the riser being the lower quartile of its steps (so that one jump among small steps is not the riser);
 * - with *many equal values* the least-squares error of the slope from the winsorised residuals, times the
 *   variance factor of their correlation (a count that flickers between two values).
 */
export function quantisationError(
  series: Series,
  points: readonly Point[],
  residuals: readonly number[],
  varianceFactor: number,
  resolution: number,
): number {
  const distinct = new Set(series.values).size;
  if (distinct < 2) return 0;
  const tied = mostCommonShare(points) > TIED_SHARE;
  const spread = tied ? leastSquaresError(points, residuals, varianceFactor, resolution) : 0;
  return Math.max(spread, riserError(series));
}

function mostCommonShare(points: readonly Point[]): number {
  const counts = new Map<number, number>();
  for (const { value } of points) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Math.max(...counts.values()) / points.length;
}

/** The level at one end of a series, one stray reading aside. */
function endLevel(readings: readonly number[]): number | null {
  const sorted = sortSamples(readings);
  return sorted === null ? null : quantile(sorted, 0.5);
}

function riserError(series: Series): number {
  const { elapsedMs, values } = series;
  if (endLevel(values.slice(0, END_READINGS)) === endLevel(values.slice(-END_READINGS))) return 0;
  const risers: number[] = [];
  for (let i = 1; i < values.length; i++) {
    const step = Math.abs((values[i] as number) - (values[i - 1] as number));
    if (step > 0) risers.push(step);
  }
  const sorted = sortSamples(risers);
  const flat = 1 - risers.length / (values.length - 1);
  if (sorted === null || flat <= STAIRCASE_SHARE) return 0;
  const minutes = ((elapsedMs.at(-1) as number) - (elapsedMs[0] as number)) / 60_000;
  return (0.5 * quantile(sorted, 0.25)) / minutes;
}

function leastSquaresError(
  points: readonly Point[],
  residuals: readonly number[],
  varianceFactor: number,
  resolution: number,
): number {
  const sorted = sortSamples(residuals);
  if (sorted === null) return 0;
  const centre = quantile(sorted, 0.5);
  const deviations = sortSamples(residuals.map((value) => Math.abs(value - centre)));
  if (deviations === null) return 0;
  const robustSigma = MAD_TO_SIGMA * quantile(deviations, 0.5);
  const cap = Math.max(SPIKE_SIGMAS * robustSigma, quantile(deviations, SPIKE_QUANTILE), resolution);
  const squares = residuals.reduce((sum, value) => sum + Math.min(cap, Math.abs(value - centre)) ** 2, 0);
  const mean = points.reduce((sum, point) => sum + point.minutes, 0) / points.length;
  const timeSpread = points.reduce((sum, point) => sum + (point.minutes - mean) ** 2, 0);
  return Math.sqrt(((squares / (points.length - 2)) * varianceFactor) / timeSpread);
}
