import type { Clock } from '../clock.js';

/**
 * Queries that one question may cost, the resolving of name servers' names included: usual ones need below ten, and a zone
 * that delegates to made-up names could otherwise cost its victims thousands (NXNSAttack, 2020).
 */
const MAX_QUERIES = 60;

/** What may still be done for one question. */
export class Work {
  private readonly clock: Clock;
  private readonly deadlineMs: number;
  private queriesLeft = MAX_QUERIES;

  constructor(timeMs: number, clock: Clock) {
    this.clock = clock;
    this.deadlineMs = clock() + timeMs;
  }

  /** Takes a query from what may be done; false when nothing is left, or no time. */
  take(): boolean {
    if (this.queriesLeft === 0 || this.clock() >= this.deadlineMs) return false;
    this.queriesLeft -= 1;
    return true;
  }
}
