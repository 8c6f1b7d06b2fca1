import { dot } from '../math/vectors.js';
import { type Estimate, type EstimateOptions, estimateGrowth } from './estimate.js';
import { type LineBase, lineBase } from './line.js';
import { type Atom, atomValue } from './shapes.js';

/** Fewer points cannot spare a column for a step beside the models' own. */
const MIN_POINTS = 20;

/** Steps taken out one after the other. */
const MAX_STEPS = 4;

/** A step must explain more than this share of what the best model leaves … */
const MIN_SHARE = 0.3;

/** … and be this improbable as the largest of as many steps as there are points in independent noise. */
const SIGNIFICANCE = 0.001;

/** Points that must lie before a step and after it. */
const MIN_BESIDE = 2;

/**
 * Growth between the steps of a series: an estimate with upward steps that stand far out of the most probable
 * model's residuals taken out, one by one; null when there are none. A Map that leaks doubles its table three
 * times in as many minutes, and the models hold two steps at most. Growth in steps is growth, so this is a lower
 * bound: it can show a leak, never its absence.
 */
export function growthBetweenSteps(estimate: Estimate, options: EstimateOptions): Estimate | null {
  const taken: Float64Array[] = [];
  let current = estimate;
  while (taken.length < MAX_STEPS) {
    const step = dominantStep(current, 1);
    if (step === null) break;
    taken.push(step);
    const without = estimateGrowth(current.points, { ...options, nuisance: [...taken] });
    if (without === null) break;
    current = without;
  }
  return current === estimate ? null : current;
}

/**
 * Growth beside the one fall that stands far out of the most probable model's residuals; null when there is none.
 * A fall is never credited to the slope, so no model holds one: near the end of a series it is taken for a bend
 * downwards, and a leak for a thing that shrinks. A release does not make a leak, nor excuse one, so this can
 * show that a process stays within its budget before and after, and never that it leaks.
 */
export function growthBesideFall(estimate: Estimate, options: EstimateOptions): Estimate | null {
  const fall = dominantStep(estimate, -1);
  return fall === null ? null : estimateGrowth(estimate.points, { ...options, nuisance: [fall] });
}

/**
 * The step up (1) or down (-1) that leaves far less than the best model does; null when none stands out. A fall
 * stands in place of the model's bends, since a bend downwards is what a late fall is taken for.
 */
function dominantStep({ points, trend, nuisance }: Estimate, direction: 1 | -1): Float64Array | null {
  const count = points.values.length;
  if (count < MIN_POINTS) return null;
  const u = points.elapsedMs.map((at) => (at - trend.startMs) / trend.spanMs);
  const baseOf = (atoms: readonly Atom[]): LineBase | null =>
    lineBase(u, [...nuisance, ...atoms.map((atom) => u.map((at) => atomValue(atom, at)))]);
  const atoms = trend.atoms.map(({ atom }) => atom);
  const whole = baseOf(atoms);
  const base = direction > 0 ? whole : baseOf(atoms.filter(({ kind }) => kind !== 'hinge'));
  if (whole === null || base === null) return null;
  const rest = base.residualOf(points.values);
  const luck = (SIGNIFICANCE / count) ** (2 / Math.max(1, count - base.columns - 1));
  let [best, least]: [Float64Array | null, number] = [
    null,
    Math.min(1 - MIN_SHARE, luck) * squaresOf(whole.residualOf(points.values)),
  ];
  for (let first = MIN_BESIDE; first <= count - MIN_BESIDE; first++) {
    const step = new Float64Array(count).fill(1, first);
    const column = base.residualOf(step);
    const product = dot(column, rest);
    const left = squaresOf(rest) - product ** 2 / squaresOf(column);
    if (direction * product > 0 && left <= least) [best, least] = [step, left];
  }
  return best;
}

function squaresOf(column: Float64Array): number {
  return dot(column, column);
}
