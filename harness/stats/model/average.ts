/**
 * Bayesian model averaging of the terminal slope (Raftery 1995; Kass & Raftery 1995): every model is fitted by
 * least squares, weighted by its prior and the BIC of as many independent points as the residuals' correlation
 * leaves, and gives a Student t for the slope at the end of the window.
 */
import { lagOneCorrelation, pointsForVariance, varianceInflation } from './correlation.js';
import type { Design } from './design.js';
import { type Fit, fitModels, type Response, residualsOf, respond } from './fit.js';
import { type Component, mixComponents, type Posterior } from './posterior.js';
import { winsorise } from './winsorise.js';

/** Standard deviation of rounding to one resolution step, 1/√12: no residual is believed to be smaller. */
const ROUNDING_SIGMA = Math.sqrt(1 / 12);

/** Nor smaller than this part of the spread around the line. */
const MIN_RELATIVE_SIGMA = 1e-4;

/** Fewer independent points than this make BIC meaningless. */
const MIN_INDEPENDENT = 5;

/** Models with a smaller weight do not show in any figure. */
const MIN_WEIGHT = 1e-5;

/** How the averaged series was made. */
export interface AverageOptions {
  /** Time from the first to the last point, ms. */
  readonly spanMs: number;
  /** Riser of an undithered staircase in resolution steps; 0 when the series is none. */
  readonly riser: number;
  readonly seMargin: number;
}

/** The posterior of one reduced series, and the most probable model with what it leaves. */
export interface Averaged {
  readonly posterior: Posterior;
  readonly best: Fit;
  readonly residuals: Float64Array;
  readonly correlation: number;
}

export function averageModels(design: Design, values: Float64Array, options: AverageOptions): Averaged {
  const first = weigh(design, respond(design, values));
  const limited = winsorise(values, residualsOf(design, first.response, first.best), ROUNDING_SIGMA);
  const weighed = limited === null ? first : weigh(design, respond(design, limited));
  return summarise(design, weighed, options);
}

interface Weighed {
  readonly response: Response;
  readonly fits: readonly Fit[];
  readonly logWeights: Float64Array;
  readonly best: Fit;
  readonly bestLogWeight: number;
  readonly floor: number;
  readonly flexibleCorrelation: number;
}

/** Fits and weights all models, the residuals' correlation taken from the one that fits closest. */
function weigh(design: Design, response: Response): Weighed {
  const points = response.residuals.length;
  const fits = fitModels(design, response);
  const floor =
    points * Math.max(ROUNDING_SIGMA, MIN_RELATIVE_SIGMA * Math.sqrt(response.squares / points)) ** 2;
  const errorOf = (fit: Fit): number => Math.max(fit.squaredError, floor);
  let flexible = fits[0] as Fit;
  for (const fit of fits) if (errorOf(fit) < errorOf(flexible)) flexible = fit;
  const parameters = flexible.columns + flexible.heights.length;
  const flexibleCorrelation = lagOneCorrelation(residualsOf(design, response, flexible), parameters, floor);
  const independent = Math.max(MIN_INDEPENDENT, points / varianceInflation(flexibleCorrelation));
  const logWeights = new Float64Array(fits.length);
  let bestIndex = 0;
  fits.forEach((fit, i) => {
    const misfit = independent * Math.log(errorOf(fit) / points) + fit.columns * Math.log(independent);
    logWeights[i] = fit.model.logPrior - misfit / 2;
    if ((logWeights[i] as number) > (logWeights[bestIndex] as number)) bestIndex = i;
  });
  const best = fits[bestIndex] as Fit;
  const bestLogWeight = logWeights[bestIndex] as number;
  return { response, fits, logWeights, best, bestLogWeight, floor, flexibleCorrelation };
}

function summarise(design: Design, weighed: Weighed, options: AverageOptions): Averaged {
  const { response, fits, logWeights, best, bestLogWeight, floor } = weighed;
  const points = response.residuals.length;
  const residuals = residualsOf(design, response, best);
  const correlation = Math.max(
    weighed.flexibleCorrelation,
    lagOneCorrelation(residuals, best.columns, floor),
  );
  const inflation = varianceInflation(correlation);
  const known = pointsForVariance(points, correlation);
  const weights = logWeights.map((log) => Math.exp(log - bestLogWeight));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const components: Component[] = [];
  fits.forEach((fit, i) => {
    const weight = (weights[i] as number) / total;
    if (weight < MIN_WEIGHT) return;
    const noise = Math.max(fit.squaredError, floor) / Math.max(1, points - fit.columns);
    const se = options.seMargin * Math.sqrt(noise * inflation * fit.slopeVariance);
    const rounding = (0.5 * options.riser) / (1 - lastKnee(design, fit));
    components.push({
      weight,
      slope: fit.slope / options.spanMs,
      se: Math.max(se, rounding) / options.spanMs,
      degreesOfFreedom: Math.max(1, known - fit.columns),
    });
  });
  const posterior = mixComponents(components, Math.max(1, known - best.columns));
  return { posterior, best, residuals, correlation };
}

/** Where a fit's last straight stretch begins, 0…1: a staircase is known only to a riser within it. */
function lastKnee({ atoms }: Design, { model }: Fit): number {
  let knee = 0;
  for (const index of model.atoms) {
    const atom = atoms[index];
    if (atom?.kind === 'hinge') knee = Math.max(knee, atom.parameter);
  }
  return knee;
}
