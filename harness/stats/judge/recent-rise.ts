import { varianceInflation } from '../model/correlation.js';
import { createDesign } from '../model/design.js';
import type { Estimate } from '../model/estimate.js';
import { type Fit, fitModels, respond } from '../model/fit.js';
import { UNDECLARED } from '../model/model-set.js';
import { type Atom, atomValue } from '../model/shapes.js';
import type { Guard } from './guards.js';

/** Knees and steps from here on leave too little after them for the models to weigh. */
const LATE_KNOTS = [0.75, 0.8, 0.84, 0.88, 0.91, 0.94, 0.96];
const LATE = 0.8;

/** A late step higher than this share of the budget over the whole window may be a leak that has just begun. */
const MIN_STEP_SHARE = 0.5;

/**
 * Standard errors by which a late bend must stand out. Withholds the pass of 2 % of clean generated traces, and
 * halves the false passes of leaks that begin in the last fifth; 2.5 withholds 1 % and leaves two thirds of them.
 */
const MIN_SIGMAS = 2.2;

/** A rise since the bend of less than this many resolution steps is one descriptor more, not a trend. */
const MIN_RISE_STEPS = 1.5;

/** Readings after a bend that show it. */
const MIN_AFTER = 2;

/**
 * What speaks against passing a series: a high step near its end in the most probable model, or a bend there,
 * beyond that model, after which it rises faster than the budget (`rate`, in resolution steps per ms).
 */
export function recentRise(estimate: Estimate, rate: number): Guard | null {
  const { trend } = estimate;
  const allowed = rate * trend.spanMs;
  const step = trend.atoms.find(
    ({ atom, height }) => atom.kind === 'step' && atom.parameter >= LATE && height > MIN_STEP_SHARE * allowed,
  );
  const since = step === undefined ? lateBend(estimate, allowed) : step.atom.parameter;
  return since === null ? null : { kind: 'recent-rise', sinceMs: trend.startMs + since * trend.spanMs };
}

/** The knot of the late bend that stands out most, 0…1; null when none does. */
function lateBend(estimate: Estimate, allowed: number): number | null {
  const { points, trend, nuisance, correlation } = estimate;
  const u = points.elapsedMs.map((at) => (at - trend.startMs) / trend.spanMs);
  const shape = trend.atoms.map(({ atom }) => u.map((at) => atomValue(atom, at)));
  const bends = LATE_KNOTS.filter((knot) => u.filter((at) => at > knot).length >= MIN_AFTER);
  const atoms = bends.map((parameter): Atom => ({ kind: 'hinge', parameter }));
  const design = createDesign(u, [...nuisance, ...shape], atoms, UNDECLARED);
  if (design === null) return null;
  const response = respond(design, points.values);
  let [knot, most]: [number | null, number] = [null, MIN_SIGMAS];
  for (const fit of fitModels(design, response)) {
    const [index, second] = fit.model.atoms;
    if (index === undefined || second !== undefined) continue;
    const bend = bends[index] as number;
    if (fit.slope <= allowed || (fit.heights[0] as number) * (1 - bend) < MIN_RISE_STEPS) continue;
    const sigmas = standsOut(fit, response.squares, u.length) / Math.sqrt(varianceInflation(correlation));
    if (sigmas > most) [knot, most] = [bend, sigmas];
  }
  return knot;
}

/** The t value of a fit's one atom for independent noise. */
function standsOut(fit: Fit, squaresWithout: number, points: number): number {
  const noise = fit.squaredError / Math.max(1, points - fit.columns);
  return noise > 0 ? Math.sqrt((squaresWithout - fit.squaredError) / noise) : Number.POSITIVE_INFINITY;
}
