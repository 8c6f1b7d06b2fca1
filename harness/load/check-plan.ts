import { usageError } from '../core/errors.js';
import type { ProcessPlan } from './plan.js';

/** One process on loopback cannot offer more; a larger number is a slip of the keyboard. */
const MAX_RATE_PER_SEC = 1_000_000;
/** Longer waits would let work under way grow beyond what the driver tracks. */
const MAX_WAIT_MS = 60_000;
const MAX_TTL_SEC = 2 ** 31 - 1;

/**
 * Refuses a plan with numbers that no load can follow, before anything is opened.
 *
 * @throws HarnessError `usage` naming the field and what it may be
 */
export function checkPlan(plan: ProcessPlan): void {
  within('ratePerSec', plan.ratePerSec, Number.MIN_VALUE, MAX_RATE_PER_SEC, 'above 0, at most 1 000 000');
  within('timeoutMs', plan.timeoutMs, 1, MAX_WAIT_MS, 'from 1 to 60 000');
  if (!('upstream' in plan)) return;
  const { upstream } = plan;
  within('upstream.latencyMs', upstream.latencyMs, 0, MAX_WAIT_MS, 'from 0 to 60 000');
  within('upstream.loss', upstream.loss, 0, 1, 'from 0 to 1');
  within('upstream.ttlSec', upstream.ttlSec, 0, MAX_TTL_SEC, 'from 0 to 2 147 483 647 (RFC 2181 §8)');
}

function within(field: string, value: number, least: number, most: number, allowed: string): void {
  // Written so that NaN is refused as well.
  if (!(value >= least && value <= most)) {
    throw usageError(`load plan: ${field} is ${value}; it must be ${allowed}`);
  }
}
