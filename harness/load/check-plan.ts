import { isIP } from 'node:net';
import { usageError } from '../core/errors.js';
import { arrivalsOf } from './arrivals.js';
import type { LoadPlan } from './plan.js';

/** One process on loopback cannot offer more; a larger number is a slip of the keyboard. */
const MAX_RATE_PER_SEC = 1_000_000;
/** Longer waits would let work under way grow beyond what the driver tracks. */
const MAX_WAIT_MS = 60_000;
/** A closed loop with more in flight asks for nothing but full buffers. */
const MAX_OUTSTANDING = 10_000;
const MAX_DRIVERS = 16;
/** 120 MB of tables. */
const MAX_ZIPF_NAMES = 10_000_000;
const MAX_ZIPF_EXPONENT = 10;
const MAX_TTL_SEC = 2 ** 31 - 1;

/**
 * Refuses a plan with numbers that no load can follow, before anything is opened.
 *
 * @throws HarnessError `usage` naming the field and what it may be
 */
export function checkPlan(plan: LoadPlan): void {
  const { upstream } = plan;
  within('ratePerSec', plan.ratePerSec, Number.MIN_VALUE, MAX_RATE_PER_SEC, 'above 0, at most 1 000 000');
  if (plan.outstanding !== undefined) {
    within('outstanding', plan.outstanding, 1, MAX_OUTSTANDING, 'from 1 to 10 000');
  }
  if (plan.drivers !== undefined) within('drivers', plan.drivers, 1, MAX_DRIVERS, 'from 1 to 16');
  if (plan.questions?.kind === 'zipf') {
    within('questions.count', plan.questions.count, 1, MAX_ZIPF_NAMES, 'from 1 to 10 000 000');
    within('questions.exponent', plan.questions.exponent, 0, MAX_ZIPF_EXPONENT, 'from 0 to 10');
  }
  if (typeof plan.answers === 'object' && isIP(plan.answers.address) !== 4) {
    throw usageError(`load plan: answers.address is "${plan.answers.address}"; it must be an IPv4 address`);
  }
  const { peakPerSec } = arrivalsOf(plan);
  within(
    'rateFlow',
    peakPerSec,
    Number.MIN_VALUE,
    MAX_RATE_PER_SEC,
    'above 0, at most 1 000 000 at its peak',
  );
  within('timeoutMs', plan.timeoutMs, 1, MAX_WAIT_MS, 'from 1 to 60 000');
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
