import { arrivalsOf } from '../arrivals.js';
import { createGeneratorWatch } from '../generator-watch.js';
import { createLatencyRecorder } from '../latency-recorder.js';
import type { LoadDriver, LoadTick } from '../load-driver.js';
import { createOpenLoop, MAX_LATENESS_MS } from '../open-loop.js';
import type { HttpFloodPlan } from '../plan.js';
import { createHttpClient, type PendingRequest } from './http-client.js';
import { createHttpCounts } from './http-counts.js';
import { probeHttp } from './http-probe.js';
import type { HttpTarget } from './http-target.js';

/** What the flood needs from outside. */
export interface HttpFloodDeps {
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly log: (line: string) => void;
}

/**
 * Opens a flood of one repeated HTTP request: open loop, so that a slow server is asked no less often, with latency
 * from the intended time. A request for which no connection is free waits for one; that wait is part of its
 * latency and of its timeout.
 */
export function openHttpFlood(plan: HttpFloodPlan, target: HttpTarget, deps: HttpFloodDeps): LoadDriver {
  const { nowMs, log } = deps;
  const { connections, insecure = false } = plan;
  const client = createHttpClient(target, plan.request, { connections, insecure });
  const latency = createLatencyRecorder(plan.timeoutMs + 2 * MAX_LATENESS_MS);
  const counts = createHttpCounts(target.text, latency, log);
  const watch = createGeneratorWatch('http');
  /** In the order of their deadlines, which is the order in which they were offered. */
  const pending = new Map<number, { readonly deadlineMs: number; readonly request: PendingRequest }>();
  let sequence = 0;

  const loop = createOpenLoop(
    arrivalsOf(plan),
    {
      offer(intendedMs, now) {
        const id = sequence++;
        counts.totals.offered++;
        watch.recordScheduleError(now - intendedMs);
        const request = client.send(id, (outcome) => {
          pending.delete(id);
          counts.end(outcome, nowMs() - intendedMs);
        });
        pending.set(id, { deadlineMs: now + plan.timeoutMs, request });
      },
      expire(now) {
        for (const [id, { deadlineMs, request }] of pending) {
          if (deadlineMs > now) return;
          pending.delete(id);
          request.abandon();
          counts.totals.timeouts++;
        }
      },
      inFlight: () => pending.size,
    },
    nowMs,
  );
  const now = (latencyMs: LoadTick['latencyMs']): LoadTick => ({
    counters: { ...loop.schedule(), ...counts.totals },
    latencyMs,
    generator: watch.health(null),
  });

  return {
    start() {
      loop.start();
      watch.start();
    },
    async stop() {
      await loop.stop();
      // Kept-alive connections end with the load, so that a drain shows what the target keeps without them.
      client.close();
      return now(latency.total());
    },
    tick: () => now(latency.takeInterval()),
    probe: (timeoutMs) => probeHttp(plan, target, timeoutMs),
    close() {
      loop.close();
      client.close();
    },
  };
}
