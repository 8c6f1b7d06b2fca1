import type { Clock } from '../clock.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';

/** Questions remembered at most: below 4 MB even with the longest names. */
const MAX_QUESTIONS = 10_000;

/**
 * Questions that could not be answered a moment ago. They are answered SERVFAIL from here for a short time (RFC 9520
 * asks for 1 s to 5 min), so that a dead upstream is not asked again for every client. Seed 000's fix keeps such
 * failures among the negative answers, and so tells its clients for 30 s that the name does not exist.
 */
export class FailureMemory {
  private readonly failedAtMs = new Map<string, number>();
  private readonly ttlMs: number;
  private readonly clock: Clock;

  constructor(ttlMs: number, clock: Clock) {
    this.ttlMs = ttlMs;
    this.clock = clock;
  }

  /** True while the question failed less than the time ago. */
  has(key: string): boolean {
    const failedAtMs = this.failedAtMs.get(key);
    return failedAtMs !== undefined && this.clock() - failedAtMs < this.ttlMs;
  }

  /** Notes that the question failed just now. */
  add(key: string): void {
    const nowMs = this.clock();
    this.failedAtMs.delete(key);
    this.failedAtMs.set(key, nowMs);
    // In order of failing: those that are over come first, and after them those that give way.
    for (const [oldest, failedAtMs] of this.failedAtMs) {
      if (nowMs - failedAtMs < this.ttlMs && this.failedAtMs.size <= MAX_QUESTIONS) return;
      this.failedAtMs.delete(oldest);
    }
  }

  size(): StructureSize {
    return countedStructure('dns-failures', this.failedAtMs.size, MAX_QUESTIONS);
  }
}
