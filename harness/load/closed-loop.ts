import { couldNotRun } from '../core/errors.js';
import { type Deferred, deferred } from './deferred.js';
import { type OpenLoop, type OpenLoopWork, TICK_MS } from './open-loop.js';

/** The clockwork of a closed-loop driver: as many operations in flight as it was told, the next when one ends. */
export interface ClosedLoop extends OpenLoop {
  /** Offers what is missing to `outstanding`; to be called when operations have ended. */
  fill(): void;
}

/** @param nowMs monotonic milliseconds */
export function createClosedLoop(outstanding: number, work: OpenLoopWork, nowMs: () => number): ClosedLoop {
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  let stopping: Deferred<void> | null = null;
  let previousTickMs = 0;
  let intended = 0;

  const halt = (): void => {
    clearInterval(timer);
    running = false;
  };

  const fill = (): void => {
    if (!running || stopping !== null) return;
    // Counted first: an operation that ends at once is replaced at the next tick, not in an endless loop.
    for (let missing = outstanding - work.inFlight(); missing > 0; missing--) {
      const now = nowMs();
      intended++;
      work.offer(now, now);
    }
  };

  return {
    fill,
    start() {
      if (running) throw couldNotRun('the load runs already');
      running = true;
      previousTickMs = nowMs();
      timer = setInterval(() => {
        const now = nowMs();
        work.expire(previousTickMs);
        previousTickMs = now;
        fill();
        if (stopping === null || work.inFlight() > 0) return;
        halt();
        stopping.resolve();
        stopping = null;
      }, TICK_MS);
      fill();
    },
    stop() {
      if (!running) return Promise.resolve();
      stopping ??= deferred<void>();
      return stopping.promise;
    },
    schedule: () => ({ intended, dropped: 0 }),
    close() {
      halt();
      stopping?.reject(couldNotRun('the load was closed while operations were in flight'));
      stopping = null;
    },
  };
}
