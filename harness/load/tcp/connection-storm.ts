import { systemClock } from '../../core/clock.js';
import type { Arrivals } from '../arrivals.js';
import { isOurFailure } from '../connect-failure.js';
import { createGeneratorWatch } from '../generator-watch.js';
import { createLatencyRecorder } from '../latency-recorder.js';
import type { LoadDriver, LoadTick, ProbeOutcome } from '../load-driver.js';
import { createOpenLoop, MAX_LATENESS_MS } from '../open-loop.js';

/** What a storm wants to hear of a connection. */
export interface StormListener {
  /** It has come as far as its mode wants it to: it stands, or was answered. */
  readonly onReached: () => void;
  /** It never will; comes instead of `onReached`. */
  readonly onFailure: (error: Error) => void;
  /** It is gone, whoever closed it. Comes last, and once. */
  readonly onClose: () => void;
}

/** One connection of a storm. */
export interface StormConnection {
  /** Does what is due, or ends it when its time is over. */
  advance(nowMs: number): void;
  /** Ends it at once. */
  close(): void;
}

/** What a storm is made of. */
export interface StormOptions {
  readonly arrivals: Arrivals;
  /** Most connections open at a time; what goes beyond counts as dropped. */
  readonly maxConnections: number;
  readonly timeoutMs: number;
  /** How the load is sent, for the record. */
  readonly io: string;
  readonly open: (nowMs: number, listener: StormListener) => StormConnection;
  readonly probe: (timeoutMs: number) => Promise<ProbeOutcome>;
}

/** How often held connections are looked after. */
const SWEEP_MS = 100;

/**
 * Opens connections, open-loop. One counts as answered when it is reached, with the latency from its intended time to
 * that moment; as timed out when it fails or does not get there in time; as dropped when as many as allowed are open,
 * or this process has no more descriptors or ports. What the target does with a connection after that is its own
 * affair. After a `stop` all connections are closed.
 */
export function openStorm(options: StormOptions): LoadDriver {
  const { nowMs } = systemClock;
  const { maxConnections, timeoutMs } = options;
  const latency = createLatencyRecorder(timeoutMs + 2 * MAX_LATENESS_MS);
  const watch = createGeneratorWatch(options.io);
  const counts = { offered: 0, answered: 0, wrong: 0, errors: 0, timeouts: 0 };
  /** Every connection that is not gone; those that are not reached yet, in the order of their deadlines. */
  const open = new Set<StormConnection>();
  const pending = new Map<StormConnection, number>();
  let unsent = 0;
  let sweep: NodeJS.Timeout | undefined;

  const giveUp = (connection: StormConnection): void => {
    if (!pending.delete(connection)) return;
    counts.offered++;
    counts.timeouts++;
  };

  const offer = (intendedMs: number, now: number): void => {
    if (open.size >= maxConnections) {
      unsent++;
      return;
    }
    watch.recordScheduleError(now - intendedMs);
    const connection = options.open(now, {
      onReached() {
        if (!pending.delete(connection)) return;
        counts.offered++;
        counts.answered++;
        latency.record(nowMs() - intendedMs);
      },
      onFailure(error) {
        if (!isOurFailure(error)) giveUp(connection);
        else if (pending.delete(connection)) unsent++;
      },
      onClose() {
        giveUp(connection);
        open.delete(connection);
      },
    });
    open.add(connection);
    pending.set(connection, now + timeoutMs);
  };

  const expire = (now: number): void => {
    for (const [connection, deadlineMs] of pending) {
      if (deadlineMs > now) return;
      giveUp(connection);
      connection.close();
    }
  };

  const closeAll = (): void => {
    clearInterval(sweep);
    for (const connection of open) connection.close();
  };

  const loop = createOpenLoop(options.arrivals, { offer, expire, inFlight: () => pending.size }, nowMs);
  const now = (latencyMs: LoadTick['latencyMs']): LoadTick => {
    const { intended, dropped } = loop.schedule();
    return {
      counters: { intended, ...counts, dropped: dropped + unsent },
      latencyMs,
      generator: watch.health(null),
    };
  };

  return {
    start() {
      loop.start();
      watch.start();
      sweep = setInterval(() => {
        const at = nowMs();
        for (const connection of open) connection.advance(at);
      }, SWEEP_MS);
    },
    async stop() {
      await loop.stop();
      closeAll();
      return now(latency.total());
    },
    tick: () => now(latency.takeInterval()),
    probe: options.probe,
    close() {
      loop.close();
      closeAll();
    },
  };
}
