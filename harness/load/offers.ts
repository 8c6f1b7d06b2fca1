import type { Arrivals } from './arrivals.js';
import { MAX_LATENESS_MS, maxBurstOf } from './open-loop.js';
import { createPacer } from './pacer.js';

/** When operations are offered, asked by a loop that runs as fast as it can; the two models look alike from here. */
export interface Offers {
  /** How many operations are to be offered now. */
  due(nowMs: number): number;
  /** Takes one that is due; returns its intended time. */
  take(nowMs: number): number;
  /** Makes the last `count` taken due again: they could not be sent yet. */
  putBack(count: number): void;
  /** Nothing is intended after `nowMs`. */
  end(nowMs: number): void;
  /** True when an ended schedule has handed out everything. */
  isOver(): boolean;
  /** When something will be due without anything else happening. */
  nextMs(): number;
  /** Operations intended, and of those given up because this thread was too late; since the first start. */
  schedule(): { readonly intended: number; readonly dropped: number };
}

/** Steps are no closer than this: nearer arrivals leave together, which costs a quarter of a millisecond at most. */
const STEP_MS = 0.25;

/** Arrivals at their times, whatever became of the ones before. */
export function openOffers(arrivals: Arrivals, startMs: number): Offers {
  const maxBurst = maxBurstOf(arrivals, STEP_MS);
  const pacer = createPacer({ arrivals, startMs, maxLatenessMs: MAX_LATENESS_MS, maxBurst });
  let steppedMs = Number.NEGATIVE_INFINITY;
  let due = 0;
  let dropped = 0;
  let ended = false;
  return {
    due(nowMs) {
      if (nowMs - steppedMs < STEP_MS && due === 0) return 0;
      if (nowMs - steppedMs >= STEP_MS) {
        steppedMs = nowMs;
        const step = pacer.step(nowMs);
        due = step.due;
        dropped += step.dropped;
      }
      return due;
    },
    take() {
      due--;
      return pacer.take();
    },
    putBack(count) {
      due += count;
      pacer.putBack(count);
    },
    end(nowMs) {
      ended = true;
      pacer.end(nowMs);
    },
    isOver: () => ended && pacer.backlog() === 0,
    nextMs: () => Math.max(pacer.nextMs(), steppedMs + STEP_MS),
    schedule: () => ({ intended: pacer.intended(), dropped }),
  };
}

/** As many operations as are missing to `outstanding` in flight, each intended when it is taken. */
export function closedOffers(outstanding: number, inFlight: () => number): Offers {
  let taken = 0;
  let ended = false;
  return {
    due: () => (ended ? 0 : Math.max(0, outstanding - inFlight())),
    take(nowMs) {
      taken++;
      return nowMs;
    },
    putBack(count) {
      taken -= count;
    },
    end() {
      ended = true;
    },
    isOver: () => ended,
    nextMs: () => Number.POSITIVE_INFINITY,
    schedule: () => ({ intended: taken, dropped: 0 }),
  };
}
