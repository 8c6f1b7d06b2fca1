import { mean } from '../math/vectors.js';
import { type Points, spanMs } from '../reduce/points.js';
import { type Averaged, averageModels } from './average.js';
import { createDesign, type Design } from './design.js';
import type { ModelPrior } from './model-set.js';
import type { Posterior } from './posterior.js';
import { type Atom, atomGrid, atomValue, type ModelName, refinements } from './shapes.js';
import { dominantCycles, sinusoidColumns } from './sinusoid.js';

/** Fewest points of a series at all. */
const MIN_POINTS = 4;

/** Fewer points cannot spare a column for the load, or two for a period. */
const MIN_POINTS_FOR_LOAD = 12;
const MIN_POINTS_FOR_PERIOD = 14;

/** Periods taken out one after the other. */
const MAX_PERIODS = 2;

export interface EstimateOptions {
  readonly prior: ModelPrior;
  /** Riser of an undithered staircase in resolution steps; 0 when the series is none. */
  readonly riser: number;
  /** Columns to take out beside the load's, one value for each point. */
  readonly nuisance?: readonly Float64Array[];
}

/** Terminal slope of one reduced series, and the shape that it was seen in. */
export interface Estimate {
  readonly points: Points;
  readonly posterior: Posterior;
  readonly model: ModelName;
  readonly correlation: number;
  readonly trend: TrendCurve;
  /** What the most probable model leaves, load and periods taken out. */
  readonly residuals: Float64Array;
  /** Columns for load, periods and what else was taken out. */
  readonly nuisance: readonly Float64Array[];
}

/** The most probable model's curve, up to a constant. */
export interface TrendCurve {
  readonly startMs: number;
  readonly spanMs: number;
  /** Coefficient of time scaled to 0…1, and height of each atom, in resolution steps. */
  readonly rise: number;
  readonly atoms: readonly { readonly atom: Atom; readonly height: number }[];
}

/** Height of a trend curve at a time, in resolution steps above its (arbitrary) zero. */
export function curveAt(trend: TrendCurve, elapsedMs: number): number {
  const u = (elapsedMs - trend.startMs) / trend.spanMs;
  let level = trend.rise * u;
  for (const { atom, height } of trend.atoms) level += height * atomValue(atom, u);
  return level;
}

/**
 * Estimates the terminal slope of a reduced series: with the load as nuisance where it varies, and, if asked,
 * up to two dominant sinusoids as well. Null when there are too few points or time follows the load exactly.
 */
export function estimateGrowth(
  points: Points,
  options: EstimateOptions,
  periods: boolean = true,
): Estimate | null {
  const span = spanMs(points);
  const count = points.values.length;
  if (count < MIN_POINTS || !(span > 0)) return null;
  const startMs = points.elapsedMs[0] as number;
  const u = points.elapsedMs.map((at) => (at - startMs) / span);
  const values = centred(points.values);
  const load = points.load !== null && count >= MIN_POINTS_FOR_LOAD ? [points.load] : [];
  let nuisance = [...load, ...(options.nuisance ?? [])];
  let fitted = fitTwice(u, values, nuisance, span, options);
  if (fitted === null) return null;
  for (let period = 0; periods && count >= MIN_POINTS_FOR_PERIOD && period < MAX_PERIODS; period++) {
    const cycles = dominantCycles(u, fitted.averaged.residuals);
    if (cycles === null) break;
    const periodic = [...nuisance, ...sinusoidColumns(u, cycles)];
    const without = fitTwice(u, values, periodic, span, options);
    if (without === null) break;
    [fitted, nuisance] = [without, periodic];
  }
  return describe(points, fitted, nuisance, startMs, span);
}

interface Fitted {
  readonly design: Design;
  readonly averaged: Averaged;
}

/** All models over the coarse grid, then once more with finer parameters around the winner. */
function fitTwice(
  u: Float64Array,
  values: Float64Array,
  nuisance: readonly Float64Array[],
  span: number,
  { prior, riser }: EstimateOptions,
): Fitted | null {
  const fitOver = (atoms: readonly Atom[]): Fitted | null => {
    const design = createDesign(u, nuisance, atoms, prior);
    return design === null
      ? null
      : {
          design,
          averaged: averageModels(design, values, { spanMs: span, riser, seMargin: prior.seMargin }),
        };
  };
  const grid = atomGrid(u);
  const coarse = fitOver(grid);
  if (coarse === null || coarse.averaged.best.heights.length === 0) return coarse;
  const winners = bestAtoms(coarse);
  return fitOver([...grid, ...winners.flatMap(({ atom }) => refinements(atom, u))]);
}

function bestAtoms({ design, averaged }: Fitted): readonly { atom: Atom; height: number }[] {
  const { model, heights } = averaged.best;
  return model.atoms.map((index, k) => ({
    atom: design.atoms[index] as Atom,
    height: heights[k] as number,
  }));
}

function describe(
  points: Points,
  fitted: Fitted,
  nuisance: readonly Float64Array[],
  startMs: number,
  span: number,
): Estimate {
  const { posterior, residuals, correlation, best } = fitted.averaged;
  const atoms = bestAtoms(fitted);
  return {
    points,
    posterior,
    model: modelName(
      points.values,
      atoms.map(({ atom }) => atom),
    ),
    correlation,
    trend: { startMs, spanMs: span, rise: best.rise, atoms },
    residuals,
    nuisance,
  };
}

function modelName(values: Float64Array, atoms: readonly Atom[]): ModelName {
  const [first, second] = atoms;
  if (first === undefined) return values.every((value) => value === values[0]) ? 'constant' : 'linear';
  return second === undefined ? first.kind : `${first.kind}+${second.kind}`;
}

function centred(values: Float64Array): Float64Array {
  const level = mean(values);
  return values.map((value) => value - level);
}
