import { dot } from '../math/vectors.js';
import type { Points } from '../reduce/points.js';
import { type Estimate, type EstimateOptions, estimateGrowth } from './estimate.js';
import { lineBase } from './line.js';
import { atomValue } from './shapes.js';

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
  const steps: Float64Array[] = [];
  let current = estimate;
  while (steps.length < MAX_STEPS) {
    const step = dominantStep(current);
    const without =
      step === null ? null : estimateGrowth(current.points, { ...options, nuisance: [...steps, step] });
    if (step === null || without === null) break;
    steps.push(step);
    current = without;
  }
  return steps.length === 0 ? null : current;
}

/** The upward step between two points that explains most beyond an estimate's best model; null when none does. */
function dominantStep({ points, trend, nuisance }: Estimate): Float64Array | null {
  const count = points.values.length;
  if (count < MIN_POINTS) return null;
  const u = points.elapsedMs.map((at) => (at - trend.startMs) / trend.spanMs);
  const shapes = trend.atoms.map(({ atom }) => u.map((at) => atomValue(atom, at)));
  const base = lineBase(u, [...nuisance, ...shapes]);
  if (base === null) return null;
  const rest = base.residualOf(points.values);
  let [best, most] = [-1, MIN_SHARE * dot(rest, rest)];
  for (let first = MIN_BESIDE; first <= count - MIN_BESIDE; first++) {
    const column = base.residualOf(stepColumn(points, first));
    const product = dot(column, rest);
    const explained = product > 0 ? product ** 2 / dot(column, column) : 0;
    if (explained > most) [best, most] = [first, explained];
  }
  const parameters = base.columns + 1;
  const bar = 1 - (SIGNIFICANCE / count) ** (2 / Math.max(1, count - parameters));
  return best >= 0 && most >= bar * dot(rest, rest) ? stepColumn(points, best) : null;
}

/** 0 before the point `first`, 1 from there on. */
function stepColumn({ values }: Points, first: number): Float64Array {
  return values.map((_, i) => (i < first ? 0 : 1));
}
