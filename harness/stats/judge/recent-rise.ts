import type { Estimate } from '../model/estimate.js';
import type { Guard } from './guards.js';
import { lateBend } from './late-bend.js';

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
  const bend = {
    knots: LATE_KNOTS,
    minSigmas: MIN_SIGMAS,
    minAfter: MIN_AFTER,
    matches: (slope: number, added: number) => slope > allowed && added >= MIN_RISE_STEPS,
  };
  const since = step === undefined ? lateBend(estimate, bend) : step.atom.parameter;
  return since === null ? null : { kind: 'recent-rise', sinceMs: trend.startMs + since * trend.spanMs };
}
