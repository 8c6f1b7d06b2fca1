import { arrivalsOf } from '../arrivals.js';
import { createClosedLoop } from '../closed-loop.js';
import { createOpenLoop, type OpenLoop } from '../open-loop.js';
import type { ScriptPlan } from '../plan.js';

/** One operation repeated as the plan says. */
export interface Repetition {
  /** Repeats until the signal aborts; resolves when the last operation has ended. */
  until(signal: AbortSignal): Promise<void>;
  schedule: OpenLoop['schedule'];
}

/** In a closed loop a failed operation makes room for the next after this long: a target that is gone is not to be hammered. */
const RETRY_MS = 100;

/** @param begin resolves when the operation has ended: true when it was answered rightly */
export function createRepetition(
  plan: ScriptPlan,
  nowMs: () => number,
  begin: (intendedMs: number, nowMs: number) => Promise<boolean>,
): Repetition {
  let inFlight = 0;
  const leave = (): void => {
    inFlight--;
    closed?.fill();
  };
  const work = {
    offer(intendedMs: number, now: number): void {
      inFlight++;
      void begin(intendedMs, now).then((isRight) => {
        if (isRight || closed === null) leave();
        else setTimeout(leave, RETRY_MS);
      });
    },
    // Each operation has a timer of its own.
    expire: () => undefined,
    inFlight: () => inFlight,
  };
  const closed = plan.outstanding === undefined ? null : createClosedLoop(plan.outstanding, work, nowMs);
  const loop = closed ?? createOpenLoop(arrivalsOf(plan), work, nowMs);
  return {
    async until(signal) {
      if (signal.aborted) return;
      const aborted = new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      loop.start();
      await aborted;
      await loop.stop();
    },
    schedule: loop.schedule,
  };
}
