import { systemClock } from '../../core/clock.js';
import { arrivalsOf } from '../arrivals.js';
import { isOurFailure } from '../connect-failure.js';
import { createGeneratorWatch } from '../generator-watch.js';
import { createLatencyRecorder } from '../latency-recorder.js';
import type { LoadDriver, LoadTick } from '../load-driver.js';
import type { LoopbackAddress } from '../loopback-address.js';
import { createOpenLoop, MAX_LATENESS_MS } from '../open-loop.js';
import type { TcpStormPlan } from '../plan.js';
import { openStormConnection, type StormConnection } from './storm-connection.js';
import { stormModes } from './storm-modes.js';
import { probeTcp } from './tcp-probe.js';

/** How often held connections are looked after. */
const SWEEP_MS = 100;

/**
 * Opens a storm of TCP connections, open-loop: each behaves as the mode drawn for it. A connection counts as
 * answered when it stands, with the latency from its intended time to that moment; as timed out when it is refused,
 * reset before, or does not stand in time; as dropped when as many as allowed are open, or this process has no
 * more descriptors or ports. What the target does with a connection that stands is its own affair. After a `stop`
 * all connections are closed.
 *
 * @throws HarnessError `usage` for weights that name no mode
 */
export async function openTcpStorm(plan: TcpStormPlan, target: LoopbackAddress): Promise<LoadDriver> {
  const { nowMs } = systemClock;
  const nextMode = stormModes(plan.modes, plan.seed);
  const latency = createLatencyRecorder(plan.timeoutMs + 2 * MAX_LATENESS_MS);
  const watch = createGeneratorWatch('tcp');
  const counts = { offered: 0, answered: 0, wrong: 0, errors: 0, timeouts: 0 };
  /** Every connection that is not gone; those that do not stand yet, in the order of their deadlines. */
  const open = new Set<StormConnection>();
  const connecting = new Map<StormConnection, number>();
  let unsent = 0;
  let sweep: NodeJS.Timeout | undefined;

  const giveUp = (connection: StormConnection): void => {
    if (!connecting.delete(connection)) return;
    counts.offered++;
    counts.timeouts++;
  };

  const offer = (intendedMs: number, now: number): void => {
    if (open.size >= plan.maxConnections) {
      unsent++;
      return;
    }
    watch.recordScheduleError(now - intendedMs);
    const connection = openStormConnection(target, nextMode(), now + plan.holdMs, {
      onConnect() {
        if (!connecting.delete(connection)) return;
        counts.offered++;
        counts.answered++;
        latency.record(nowMs() - intendedMs);
      },
      onFailure(error) {
        if (!isOurFailure(error)) giveUp(connection);
        else if (connecting.delete(connection)) unsent++;
      },
      onClose() {
        giveUp(connection);
        open.delete(connection);
      },
    });
    open.add(connection);
    connecting.set(connection, now + plan.timeoutMs);
  };

  const expire = (now: number): void => {
    for (const [connection, deadlineMs] of connecting) {
      if (deadlineMs > now) return;
      giveUp(connection);
      connection.close();
    }
  };

  const closeAll = (): void => {
    clearInterval(sweep);
    for (const connection of open) connection.close();
  };

  const loop = createOpenLoop(arrivalsOf(plan), { offer, expire, inFlight: () => connecting.size }, nowMs);
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
    probe: (timeoutMs) => probeTcp(plan, target, timeoutMs),
    close() {
      loop.close();
      closeAll();
    },
  };
}
