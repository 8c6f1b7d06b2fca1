/**
 * When a run has seen enough. Alarms of early looks come from caches that are still filling, not from noise, and
 * no tighter probability cures that: waiting does. So there is no early pass, a fail needs an adjacent look that
 * agrees, and an inconclusive run goes on to a limit.
 */
import type { Outcome } from './assessment.js';

/** What the run's design says about stopping. Times count from the start of the judged window. */
export interface StoppingPolicy {
  readonly durationMs: number;
  /** The run never goes on beyond this. @default twice `durationMs` */
  readonly maxDurationMs?: number;
  /**
   * Stop before `durationMs` when three looks in a row are nearly certain of a leak. Saves a fifth of the time on
   * leaking runs and doubles the false fails on long warm-ups: for runs whose warm-up is declared. @default false
   */
  readonly failFast?: boolean;
}

/** One judgement of everything read so far. */
export interface Look {
  readonly atMs: number;
  readonly outcome: Outcome;
  /** Null when no growth could be estimated. */
  readonly pExceeds: number | null;
}

export type Decision =
  | { readonly kind: 'continue'; readonly nextLookMs: number }
  | { readonly kind: 'stop'; readonly outcome: Outcome; readonly reason: StopReason };

export type StopReason =
  | 'passed'
  | 'fail-confirmed'
  | 'fail-fast'
  /** The limit was reached without a verdict. */
  | 'limit-reached'
  /** The limit was reached with a fail that no adjacent look shares: inconclusive. */
  | 'fail-unconfirmed';

/** Looks as shares of the duration: the first only for fail-fast, 0.8 so that a fail at 1 can be confirmed. */
const EARLY_LOOKS = [0.41, 0.51, 0.64];
const LOOKS = [0.8, 1, 1.25, 1.5625, 2, 2.5, 3.2, 4];

const DEFAULT_LIMIT = 2;

/** Fail-fast looks in a row, and how certain each must be. */
const FAST_LOOKS = 3;
const FAST_PROBABILITY = 0.99;

/** Tolerance when the clock is compared with a look that is due: a tick may come a little early. */
const EARLY_TICK = 1e-6;

/** Times of all looks of a run that is never decided, ascending; the last is the limit. */
export function lookTimes(policy: StoppingPolicy): readonly number[] {
  const { durationMs, failFast = false } = policy;
  const limit = limitOf(policy);
  const shares = failFast ? [...EARLY_LOOKS, ...LOOKS] : LOOKS;
  return [...shares.map((share) => share * durationMs).filter((at) => at < limit * (1 - EARLY_TICK)), limit];
}

/** What to do after these looks, ascending in time; none yet is allowed. */
export function decide(policy: StoppingPolicy, looks: readonly Look[]): Decision {
  const last = looks.at(-1);
  const goOn = continueAfter(policy, last?.atMs ?? 0);
  if (last === undefined) return goOn;
  if (policy.failFast && isSurelyFailing(looks))
    return { kind: 'stop', outcome: 'fail', reason: 'fail-fast' };
  if (last.atMs < policy.durationMs * (1 - EARLY_TICK)) return goOn;
  if (last.outcome === 'pass') return { kind: 'stop', outcome: 'pass', reason: 'passed' };
  const confirmed = last.outcome === 'fail' && looks.at(-2)?.outcome === 'fail';
  if (confirmed) return { kind: 'stop', outcome: 'fail', reason: 'fail-confirmed' };
  if (goOn.nextLookMs > last.atMs) return goOn;
  const reason = last.outcome === 'fail' ? 'fail-unconfirmed' : 'limit-reached';
  return { kind: 'stop', outcome: 'inconclusive', reason };
}

function limitOf({ durationMs, maxDurationMs }: StoppingPolicy): number {
  return Math.max(durationMs, maxDurationMs ?? DEFAULT_LIMIT * durationMs);
}

/** The next look after `atMs`; the limit itself when there is none. */
function continueAfter(policy: StoppingPolicy, atMs: number): Decision & { kind: 'continue' } {
  const next = lookTimes(policy).find((at) => at * (1 - EARLY_TICK) > atMs);
  return { kind: 'continue', nextLookMs: next ?? atMs };
}

function isSurelyFailing(looks: readonly Look[]): boolean {
  const recent = looks.slice(-FAST_LOOKS);
  return (
    recent.length === FAST_LOOKS &&
    recent.every(({ outcome, pExceeds }) => outcome === 'fail' && (pExceeds ?? 0) >= FAST_PROBABILITY)
  );
}
