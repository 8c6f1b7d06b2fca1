import type { LoadCounters } from '../../core/load-counters.js';
import { arrivalsOf } from '../arrivals.js';
import { createLatencyRecorder } from '../latency-recorder.js';
import type { LoadDriver, ProbeOutcome } from '../load-driver.js';
import { createOpenLoop, MAX_LATENESS_MS } from '../open-loop.js';
import type { HttpFloodPlan } from '../plan.js';
import { createHttpClient, type HttpOutcome, type PendingRequest } from './http-client.js';
import type { HttpTarget } from './http-target.js';

/** What the flood needs from outside. */
export interface HttpFloodDeps {
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly log: (line: string) => void;
}

/** Answers that were not right and are written to the log; the counters have them all. */
const LOGGED_FAILURES = 10;

/** Statuses from here on are not what was asked for (RFC 9110 §15.5). */
const FIRST_ERROR_STATUS = 400;

/**
 * Opens a flood of one repeated HTTP request: open loop, so that a slow server is asked no less often, with latency
 * from the intended time. A request for which no connection is free waits for one; that wait is part of its
 * latency and of its timeout. A status of 400 or more, or a broken connection, counts as a wrong answer.
 */
export function openHttpFlood(plan: HttpFloodPlan, target: HttpTarget, deps: HttpFloodDeps): LoadDriver {
  const { nowMs, log } = deps;
  const client = createHttpClient(target, plan.request, plan.connections);
  const latency = createLatencyRecorder(plan.timeoutMs + 2 * MAX_LATENESS_MS);
  const counts = { offered: 0, answered: 0, wrong: 0, timeouts: 0 };
  /** In the order of their deadlines, which is the order in which they were offered. */
  const pending = new Map<number, { readonly deadlineMs: number; readonly request: PendingRequest }>();
  let sequence = 0;
  let logged = 0;

  const end = (id: number, intendedMs: number, outcome: HttpOutcome): void => {
    pending.delete(id);
    if ('status' in outcome && outcome.status < FIRST_ERROR_STATUS) {
      counts.answered++;
      latency.record(nowMs() - intendedMs);
      return;
    }
    counts.wrong++;
    if (logged++ < LOGGED_FAILURES) {
      log(`${target.text}: ${'status' in outcome ? `status ${outcome.status}` : outcome.error}`);
    }
  };
  const loop = createOpenLoop(
    arrivalsOf(plan),
    {
      offer(intendedMs, now) {
        const id = sequence++;
        counts.offered++;
        const request = client.send(id, (outcome) => end(id, intendedMs, outcome));
        pending.set(id, { deadlineMs: now + plan.timeoutMs, request });
      },
      expire(now) {
        for (const [id, { deadlineMs, request }] of pending) {
          if (deadlineMs > now) return;
          pending.delete(id);
          request.abandon();
          counts.timeouts++;
        }
      },
      inFlight: () => pending.size,
    },
    nowMs,
  );
  const counters = (): LoadCounters => ({ ...loop.schedule(), ...counts });

  return {
    start: loop.start,
    async stop() {
      await loop.stop();
      // Kept-alive connections end with the load, so that a drain shows what the target keeps without them.
      client.close();
      return { counters: counters(), latencyMs: latency.total() };
    },
    tick: () => ({ counters: counters(), latencyMs: latency.takeInterval() }),
    probe: (timeoutMs) => probe(plan, target, timeoutMs),
    close() {
      loop.close();
      client.close();
    },
  };
}

/** One request over a connection of its own. */
async function probe(plan: HttpFloodPlan, target: HttpTarget, timeoutMs: number): Promise<ProbeOutcome> {
  const client = createHttpClient(target, plan.request, 1);
  let timer: NodeJS.Timeout | undefined;
  try {
    const outcome = await new Promise<HttpOutcome>((resolve) => {
      timer = setTimeout(() => resolve({ error: `no answer within ${timeoutMs} ms` }), timeoutMs);
      client.send(0, resolve);
    });
    const ok = 'status' in outcome && outcome.status < FIRST_ERROR_STATUS;
    const seen = 'status' in outcome ? `status ${outcome.status}` : outcome.error;
    return { ok, message: `${plan.request.method} ${target.text}: ${seen}` };
  } finally {
    clearTimeout(timer);
    client.close();
  }
}
