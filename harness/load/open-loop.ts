import { couldNotRun } from '../core/errors.js';
import { type Arrivals, constantRate } from './arrivals.js';
import { type Deferred, deferred } from './deferred.js';
import { createPacer, type Pacer } from './pacer.js';

/** What a driver does when the schedule tells it to. */
export interface OpenLoopWork {
  /** Offers one operation, or counts it as dropped itself. */
  offer(intendedMs: number, nowMs: number): void;
  /** Gives up operations whose deadline is not after `nowMs`. */
  expire(nowMs: number): void;
  /** Operations offered and not yet ended. */
  inFlight(): number;
}

/** The clockwork of an open-loop driver: when to offer, when to give up, when a stopped load has drained. */
export interface OpenLoop {
  /** Starts the schedule; throws while it runs. */
  start(): void;
  /** Ends the schedule; resolves when what was due is offered and nothing is in flight. */
  stop(): Promise<void>;
  /** Operations intended, and of those given up because this process was too late; since the first start. */
  schedule(): { readonly intended: number; readonly dropped: number };
  /** Releases the timer; a pending `stop` rejects. Safe to call twice. */
  close(): void;
}

/** Short enough to keep bursts small (4 operations at 2 000/s), long enough to idle at about 1 % of a core. */
export const TICK_MS = 2;
/** A stall of ours beyond this costs the arrivals in excess of it: a longer burst would overrun any target. */
export const MAX_LATENESS_MS = 1000;
/** After a stall at most this many times the rate is offered… */
const CATCH_UP_FACTOR = 4;
/** …but always this many operations per tick, which any receive buffer holds. */
const MIN_BURST = 64;

/** The most that a step may offer when steps are `stepMs` apart. */
export function maxBurstOf(arrivals: Arrivals, stepMs: number): number {
  return Math.max(MIN_BURST, Math.ceil((CATCH_UP_FACTOR * arrivals.peakPerSec * stepMs) / 1000));
}

/**
 * @param rate a number is a constant rate per second
 * @param nowMs monotonic milliseconds
 */
export function createOpenLoop(rate: number | Arrivals, work: OpenLoopWork, nowMs: () => number): OpenLoop {
  const arrivals = typeof rate === 'number' ? constantRate(rate) : rate;
  const maxBurst = maxBurstOf(arrivals, TICK_MS);
  let pacer: Pacer | null = null;
  let timer: NodeJS.Timeout | undefined;
  let stopping: Deferred<void> | null = null;
  let previousTickMs = 0;
  let intendedBefore = 0;
  let dropped = 0;

  const halt = (): void => {
    clearInterval(timer);
    intendedBefore += pacer?.intended() ?? 0;
    pacer = null;
  };

  const onTick = (running: Pacer): void => {
    const now = nowMs();
    // By the previous tick's time: answers that came in while this process was busy are read first.
    work.expire(previousTickMs);
    previousTickMs = now;
    const step = running.step(now);
    dropped += step.dropped;
    for (let i = 0; i < step.due; i++) work.offer(running.take(), now);
    if (stopping === null || running.backlog() > 0 || work.inFlight() > 0) return;
    halt();
    stopping.resolve();
    stopping = null;
  };

  return {
    start() {
      if (pacer !== null) throw couldNotRun('the load runs already');
      const running = createPacer({
        arrivals,
        startMs: nowMs(),
        maxLatenessMs: MAX_LATENESS_MS,
        maxBurst,
      });
      pacer = running;
      previousTickMs = nowMs();
      timer = setInterval(() => onTick(running), TICK_MS);
    },
    stop() {
      if (pacer === null) return Promise.resolve();
      pacer.end(nowMs());
      stopping ??= deferred<void>();
      return stopping.promise;
    },
    schedule: () => ({ intended: intendedBefore + (pacer?.intended() ?? 0), dropped }),
    close() {
      halt();
      stopping?.reject(couldNotRun('the load was closed while operations were in flight'));
      stopping = null;
    },
  };
}
