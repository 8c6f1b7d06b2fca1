import { setTimeout as delay } from 'node:timers/promises';

/** Time as a parameter, so that schedules can be tested without waiting. */
export interface Clock {
  /** Monotonic milliseconds since an arbitrary start. */
  nowMs(): number;
  /** Wall-clock time, for labels only: it may jump. */
  wallTime(): Date;
  /** Resolves after `ms` and never before, at once for `ms <= 0`; rejects when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallTime: () => new Date(),
  sleep: async (ms, signal) => {
    const endMs = performance.now() + ms;
    const options = signal === undefined ? {} : { signal };
    // A timer counts whole milliseconds and may fire a fraction of one too early.
    do {
      await delay(Math.max(0, Math.ceil(endMs - performance.now())), undefined, options);
    } while (performance.now() < endMs);
  },
};
