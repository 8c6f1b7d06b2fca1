/**
 * What a run will be able to see, from the noise of its warm-up. The limit for any method is the Cramér–Rao bound
 * of a slope in AR(1) noise, se = √12·σ / (T·√n), n = T/(2τ + Δt) independent samples; the engine reaches a part
 * of it, since it does not take for granted that a process grows along a straight line.
 */
import type { GrowthReadings } from './assessment.js';
import { lagOneCorrelation } from './model/correlation.js';
import { curveAt, estimateGrowth } from './model/estimate.js';
import { UNDECLARED } from './model/model-set.js';
import { prepare } from './prepare/prepare.js';
import { bucketMeans } from './reduce/bucket-means.js';

/** Noise of a metric around its trend. */
export interface Noise {
  /** Standard deviation, in the metric's unit. */
  readonly sd: number;
  /** Time in which the correlation falls to 1/e; 0 for independent readings. */
  readonly correlationMs: number;
  readonly sampleEveryMs: number;
}

/** Excess over the budget, in standard errors, that 5 % error and 90 % power need: 1.645 + 1.282. */
const DETECTABLE_SIGMAS = 2.93;

/** Measured share of the Cramér–Rao limit that the engine reaches (T ≥ 60 τ, n ≥ 300). */
const EFFICIENCY = { undeclared: 0.6, declared: 0.85 };

/** Half the budget should be this many standard errors wide, for a clean run to be told from a leaking one. */
const SIGMAS_PER_HALF_BUDGET = 5;

/** A run must hold this many correlation times for its own noise to be known. */
const MIN_CORRELATION_TIMES = 60;

/** … and this many readings for a pass. */
const MIN_SAMPLES = 20;

/** Readings that the noise of a warm-up is measured from at least. */
export const MIN_NOISE_SAMPLES = 20;

const MS_PER_MIN = 60_000;

/** Noise of the readings of a warm-up around its own trend; null when there are too few. */
export function measureNoise(input: GrowthReadings): Noise | null {
  const { levels, samples } = prepare(input, Number.NEGATIVE_INFINITY);
  if (samples < MIN_NOISE_SAMPLES) return null;
  const means = bucketMeans(levels);
  const estimate = estimateGrowth(means, { prior: UNDECLARED, riser: 0 }, false);
  if (estimate === null) return null;
  const { values, elapsedMs } = levels;
  const rest = values.map((value, i) => value - curveAt(estimate.trend, elapsedMs[i] as number));
  const level = rest.reduce((sum, value) => sum + value, 0) / samples;
  const residuals = rest.map((value) => value - level);
  const parameters = 2 + 2 * estimate.trend.atoms.length;
  const squares = residuals.reduce((sum, value) => sum + value * value, 0);
  const sampleEveryMs = ((elapsedMs.at(-1) as number) - (elapsedMs[0] as number)) / (values.length - 1);
  const rho = lagOneCorrelation(residuals, parameters, 0);
  return {
    sd: input.resolution * Math.sqrt(squares / Math.max(1, samples - parameters)),
    correlationMs: rho > 0 ? -sampleEveryMs / Math.log(rho) : 0,
    sampleEveryMs,
  };
}

/** The best standard error, per minute, that readings over this time allow. */
export function slopeErrorPerMin(noise: Noise, durationMs: number): number {
  const independent = durationMs / (2 * noise.correlationMs + noise.sampleEveryMs);
  return ((Math.sqrt(12) * noise.sd) / (durationMs * Math.sqrt(independent))) * MS_PER_MIN;
}

/**
 * The smallest growth above the budget, per minute, that a run of this length fails with 90 % probability.
 * `warmUpDeclared` says that a declared warm-up is left out, which the engine rewards with efficiency.
 */
export function smallestResolvable(
  noise: Noise,
  durationMs: number,
  warmUpDeclared: boolean = false,
): number {
  const efficiency = warmUpDeclared ? EFFICIENCY.declared : EFFICIENCY.undeclared;
  return (DETECTABLE_SIGMAS * slopeErrorPerMin(noise, durationMs)) / efficiency;
}

/** How long a run must be to decide a budget: half the budget is five standard errors, the noise itself is known. */
export function durationNeededMs(noise: Noise, budgetPerMin: number): number {
  const { sd, correlationMs, sampleEveryMs } = noise;
  const perMs = budgetPerMin / MS_PER_MIN;
  const sigmas = 2 * SIGMAS_PER_HALF_BUDGET * sd * Math.sqrt(12 * (2 * correlationMs + sampleEveryMs));
  const forBudget = (sigmas / perMs) ** (2 / 3);
  return Math.max(forBudget, MIN_CORRELATION_TIMES * correlationMs, MIN_SAMPLES * sampleEveryMs);
}
