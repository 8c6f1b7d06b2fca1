import type { Clock } from '../clock.js';

/**
 * Misses in a row (time-outs, unreachable) after which a forwarder is asked last. One may be down to the name, which
 * no resolver of the world can find, or a lost datagram; three without any answer between them hardly are.
 */
const MISSES_TO_DEMOTE = 3;
/**
 * How long a demoted forwarder is left alone before it gets a question on trial: one each ten seconds burdens
 * nobody, and the preferred forwarder is back soon after it recovered.
 */
export const TRIAL_INTERVAL_MS = 10_000;

/** No forwarder. */
export const NONE = -1;

interface Standing {
  /** Since its last answer of any kind. */
  misses: number;
  /** When a demoted forwarder may be tried again; null while it is in good standing. */
  trialAtMs: number | null;
}

/**
 * Which forwarder to ask first, and which next: in the order of the configuration, those that do not answer at all
 * behind the others. An error about one name is an answer, and changes nothing.
 */
export class ForwarderPreference {
  private readonly standings: readonly Standing[];
  private readonly clock: Clock;

  constructor(forwarders: number, clock: Clock) {
    this.standings = Array.from({ length: forwarders }, () => ({ misses: 0, trialAtMs: null }));
    this.clock = clock;
  }

  /** The forwarder to ask when those in `tried` (a bit for each) were asked already; `NONE` when that is all of them. */
  next(tried: number): number {
    let last = NONE;
    for (const [forwarder, { trialAtMs }] of this.standings.entries()) {
      if ((tried & bitOf(forwarder)) !== 0) continue;
      if (trialAtMs === null) return forwarder;
      if (last === NONE) last = forwarder;
    }
    return last;
  }

  /** Notes a response of any kind: the forwarder is there, and in good standing again. */
  answered(forwarder: number): void {
    const standing = this.standings[forwarder];
    if (standing === undefined) return;
    standing.misses = 0;
    standing.trialAtMs = null;
  }

  /** Notes a time-out or that the forwarder could not be reached; true when that demotes it. */
  missed(forwarder: number): boolean {
    const standing = this.standings[forwarder];
    if (standing === undefined) return false;
    standing.misses += 1;
    if (standing.misses < MISSES_TO_DEMOTE) return false;
    const wasInGoodStanding = standing.trialAtMs === null;
    standing.trialAtMs = this.clock() + TRIAL_INTERVAL_MS;
    return wasInGoodStanding;
  }

  /**
   * A demoted forwarder that is due for a trial, else `NONE`. The next trial is an interval away, however this one
   * ends. One that is the first to be asked anyway, because all are demoted, needs no trial.
   */
  takeTrial(): number {
    const first = this.next(0);
    for (const [forwarder, standing] of this.standings.entries()) {
      if (forwarder === first || standing.trialAtMs === null || this.clock() < standing.trialAtMs) continue;
      standing.trialAtMs = this.clock() + TRIAL_INTERVAL_MS;
      return forwarder;
    }
    return NONE;
  }
}

/** The forwarder's bit in a set of forwarders; there are at most 32. */
export function bitOf(forwarder: number): number {
  return 1 << forwarder;
}
