import type { Arrivals } from './arrivals.js';

/** How fast, and how much lateness is made good. */
export interface PacerOptions {
  readonly arrivals: Arrivals;
  /** Start of the schedule on the caller's monotonic clock. */
  readonly startMs: number;
  /** Arrivals later than this are given up (and counted) instead of being sent in one enormous burst. */
  readonly maxLatenessMs: number;
  /** Most arrivals handed out per step while catching up. */
  readonly maxBurst: number;
}

/** What one step of the schedule asks for. */
export interface PacerStep {
  /** Arrivals to offer now; `take` gives the intended time of each. */
  readonly due: number;
  /** Arrivals given up in this step because they were too late. */
  readonly dropped: number;
}

/**
 * An open-loop schedule: arrival k (1, 2, …) is intended at `startMs + arrivals.timeOf(k)`, whatever became of
 * the ones before. Times are computed from k, never added up, so the rate is exact however long it runs.
 */
export interface Pacer {
  /** Moves on to `nowMs`. What is due beyond `maxBurst` stays for the next step. */
  step(nowMs: number): PacerStep;
  /** Takes the oldest due arrival and returns its intended time; to be called at most `due` times. */
  take(): number;
  /** Makes the last `count` taken arrivals due again: they could not be offered after all. */
  putBack(count: number): void;
  /** When the oldest arrival that is neither taken nor given up is intended, be it past or to come. */
  nextMs(): number;
  /** Ends the schedule: nothing is intended after `nowMs`; what is due by then can still be taken. */
  end(nowMs: number): void;
  /** Arrivals intended up to the last step or the end. */
  intended(): number;
  /** Arrivals intended and neither taken nor given up. */
  backlog(): number;
}

/** A schedule that begins at `startMs` and depends on nothing but the times it is given. */
export function createPacer(options: PacerOptions): Pacer {
  const { arrivals, startMs, maxLatenessMs, maxBurst } = options;
  const maxBacklog = Math.max(1, Math.ceil((arrivals.peakPerSec * maxLatenessMs) / 1000));
  let endMs = Number.POSITIVE_INFINITY;
  let intended = 0;
  let handled = 0;

  const advance = (nowMs: number): void => {
    const elapsedMs = Math.min(nowMs, endMs) - startMs;
    intended = Math.max(intended, Math.floor(arrivals.dueBy(elapsedMs)));
  };

  return {
    step(nowMs) {
      advance(nowMs);
      const dropped = Math.max(0, intended - handled - maxBacklog);
      handled += dropped;
      return { due: Math.min(maxBurst, intended - handled), dropped };
    },
    take() {
      handled++;
      return startMs + arrivals.timeOf(handled);
    },
    putBack(count) {
      handled -= count;
    },
    nextMs: () => startMs + arrivals.timeOf(handled + 1),
    end(nowMs) {
      advance(nowMs);
      endMs = Math.min(endMs, nowMs);
    },
    intended: () => intended,
    backlog: () => intended - handled,
  };
}
