import type { Estimate } from '../model/estimate.js';
import { slopeAtEnd } from '../model/shapes.js';
import type { Guard } from './guards.js';

/** Budgets by which a curve may rise at its end: the tail of a warm-up that is as good as over. */
const ALLOWED = 2;

/**
 * What speaks against passing a series: whatever its growth will come to, its most probable curve still rises at the
 * end, by more than the budget allows (`rate`, in resolution steps per ms). Costs no pass of 1 200 clean generated
 * traces.
 */
export function stillRising({ trend }: Estimate, rate: number): Guard | null {
  const rise = trend.atoms.reduce((sum, { atom, height }) => sum + height * slopeAtEnd(atom), trend.rise);
  return rise > ALLOWED * rate * trend.spanMs ? { kind: 'still-rising' } : null;
}
