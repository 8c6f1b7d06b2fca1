import { setTimeout as delay } from 'node:timers/promises';

/** Time as a parameter, so that schedules can be tested without waiting. */
export interface Clock {
  /** Monotonic milliseconds since an arbitrary start. */
  nowMs(): number;
  /** Wall-clock time, for labels only: it may jump. */
  wallTime(): Date;
  /** Resolves after `ms`, at once for `ms <= 0`; rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallTime: () => new Date(),
  sleep: async (ms, signal) => {
    await delay(Math.max(0, ms), undefined, signal === undefined ? {} : { signal });
  },
};
