import { dot } from '../math/vectors.js';
import { varianceInflation } from '../model/correlation.js';
import { createDesign } from '../model/design.js';
import type { Estimate } from '../model/estimate.js';
import { type Fit, fitModels, respond } from '../model/fit.js';
import { UNDECLARED } from '../model/model-set.js';
import { type Atom, atomValue } from '../model/shapes.js';

/** How many noise variances more a bend may leave than the one that it replaces. */
const REPLACEMENT_VARIANCES = 2;

/** Which bends are looked for. */
export interface BendSought {
  /** Where it may be, 0…1. */
  readonly knots: readonly number[];
  /** Standard errors by which a bend must stand out. */
  readonly minSigmas: number;
  /** Readings after a bend that show it. */
  readonly minAfter: number;
  /** Whether a bend that the most probable model has gives way to the one that is looked for. @default none does */
  replaces?(atom: Atom): boolean;
  /** By the growth after the bend over the whole window, and by what it adds until the end, in resolution steps. */
  matches(slope: number, added: number): boolean;
}

/**
 * Where near its end a series bends beyond its most probable model, 0…1: of the bends that match, the one that
 * stands out most. One that replaces another must leave about as little as that did. Null when there is none.
 */
export function lateBend(estimate: Estimate, sought: BendSought): number | null {
  const { minSigmas, minAfter, matches, replaces = () => false } = sought;
  const { points, trend, nuisance, correlation, residuals } = estimate;
  const u = points.elapsedMs.map((at) => (at - trend.startMs) / trend.spanMs);
  const kept = trend.atoms.filter(({ atom }) => !replaces(atom));
  const left = dot(residuals, residuals) * (1 + REPLACEMENT_VARIANCES / u.length);
  const most = kept.length < trend.atoms.length ? left : Number.POSITIVE_INFINITY;
  const shape = kept.map(({ atom }) => u.map((at) => atomValue(atom, at)));
  const bends = sought.knots.filter((knot) => u.filter((at) => at > knot).length >= minAfter);
  const atoms = bends.map((parameter): Atom => ({ kind: 'hinge', parameter }));
  const design = createDesign(u, [...nuisance, ...shape], atoms, UNDECLARED);
  if (design === null) return null;
  const response = respond(design, points.values);
  let [knot, highest]: [number | null, number] = [null, minSigmas];
  for (const fit of fitModels(design, response)) {
    const [index, second] = fit.model.atoms;
    if (index === undefined || second !== undefined || fit.squaredError > most) continue;
    const bend = bends[index] as number;
    if (!matches(fit.slope, (fit.heights[0] as number) * (1 - bend))) continue;
    const sigmas = standsOut(fit, response.squares, u.length) / Math.sqrt(varianceInflation(correlation));
    if (sigmas > highest) [knot, highest] = [bend, sigmas];
  }
  return knot;
}

/** The t value of a fit's one atom for independent noise. */
function standsOut(fit: Fit, squaresWithout: number, points: number): number {
  const noise = fit.squaredError / Math.max(1, points - fit.columns);
  return noise > 0 ? Math.sqrt((squaresWithout - fit.squaredError) / noise) : Number.POSITIVE_INFINITY;
}
