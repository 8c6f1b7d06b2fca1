import type { Estimate } from '../model/estimate.js';
import type { Guard } from './guards.js';
import { lateBend } from './late-bend.js';

/** A knee of the most probable model from here on may stand for a later one, which its coarse grid lacks. */
const LATE = 0.7;

/** Where a rise may have ended; what comes after 0.94 is too short to show. */
const KNOTS = Array.from({ length: 10 }, (_, i) => 0.76 + 0.02 * i);

/**
 * Standard errors by which the end must stand out. Of caches that fill up at 0.85 to 0.9 of a run of 1 to 2 minutes
 * 14 of 80 are still failed instead of 58, for two leaks of 2 040; 2.5 costs more leaks and fails as many caches.
 */
const MIN_SIGMAS = 3;

/** Readings after the knee that show it. */
const MIN_AFTER = 5;

/** Ending lower by less than this many resolution steps is one descriptor less, not a plateau. */
const MIN_FALL_STEPS = 1.5;

/**
 * What speaks against failing a series: a knee near its end, beyond the most probable model or instead of its last
 * one, after which it grows within the budget (`rate`, in resolution steps per ms), as of a cache that is full.
 */
export function levelledOff(estimate: Estimate, rate: number): Guard | null {
  const { trend } = estimate;
  const since = lateBend(estimate, {
    knots: KNOTS,
    replaces: ({ kind, parameter }) => kind === 'hinge' && parameter >= LATE,
    minSigmas: MIN_SIGMAS,
    minAfter: MIN_AFTER,
    matches: (slope, added) => slope <= rate * trend.spanMs && -added >= MIN_FALL_STEPS,
  });
  return since === null ? null : { kind: 'levelled-off', sinceMs: trend.startMs + since * trend.spanMs };
}
