import type { Instance } from 'autocannon';
import { couldNotRun } from '../../core/errors.js';
import { describeConnectFailure, isOurFailure } from '../connect-failure.js';
import { type Deferred, deferred } from '../deferred.js';
import { createGeneratorWatch } from '../generator-watch.js';
import { createLatencyRecorder } from '../latency-recorder.js';
import type { LoadDriver, LoadTick } from '../load-driver.js';
import { MAX_LATENESS_MS } from '../open-loop.js';
import type { HttpFloodPlan } from '../plan.js';
import { type AutocannonClient, type SteadyClient, steadyClient } from './autocannon-client.js';
import { createHttpCounts } from './http-counts.js';
import type { HttpFloodDeps } from './http-flood.js';
import { probeHttp } from './http-probe.js';
import type { HttpTarget } from './http-target.js';

/** Longer than any run, and as long as a timer can wait: it is the phases that end the load. */
const DURATION_SEC = 2_000_000;
/** How soon autocannon puts itself away once its clients are done. */
const CLEAN_UP_MS = 100;

/**
 * Opens a closed loop of one repeated HTTP request, driven by autocannon: `outstanding` connections, each of which
 * asks again as soon as it was answered. Latency counts from the request's departure, which a slow server puts off:
 * it is the time of an answer, not what a client would have waited. Certificates are verified by the probe alone,
 * since autocannon accepts any.
 */
export async function openHttpClosed(
  plan: HttpFloodPlan & { readonly outstanding: number },
  target: HttpTarget,
  { nowMs, log }: HttpFloodDeps,
): Promise<LoadDriver> {
  const { default: autocannon } = await import('autocannon');
  const latency = createLatencyRecorder(plan.timeoutMs + 2 * MAX_LATENESS_MS);
  const counts = createHttpCounts(target.text, latency, log);
  const watch = createGeneratorWatch('autocannon');
  const clients = new Set<SteadyClient>();
  let instance: Instance | null = null;
  let stopping: Deferred<void> | null = null;
  let sequence = 0;
  let dropped = 0;

  const onDone = (client: SteadyClient): void => {
    clients.delete(client);
    if (clients.size > 0) return;
    instance = null;
    stopping?.resolve();
    stopping = null;
  };

  const setUp = (client: AutocannonClient): void => {
    client.timeout = plan.timeoutMs;
    let sentMs = 0;
    const steady = steadyClient(client, plan.request.method, {
      onRequest() {
        sentMs = nowMs();
        counts.totals.offered++;
      },
      onResponse: (status) => counts.end({ status }, nowMs() - sentMs),
      onTimeout: () => counts.totals.timeouts++,
      onUnasked: () => counts.totals.offered--,
      onLost(error) {
        if (!isOurFailure(error)) {
          counts.end({ error: describeConnectFailure(error) }, 0);
          return;
        }
        counts.totals.offered--;
        dropped++;
      },
      onDone: () => onDone(steady),
    });
    clients.add(steady);
  };

  const isDistinct = target.pathOf(0) !== target.pathOf(1);
  const open = (): Instance =>
    autocannon(
      {
        url: `${target.origin}${target.pathOf(0)}`,
        method: plan.request.method as 'GET',
        headers: plan.request.headers,
        ...(plan.request.body === null ? {} : { body: plan.request.body }),
        ...(isDistinct
          ? { requests: [{ setupRequest: (request) => ({ ...request, path: target.pathOf(sequence++) }) }] }
          : {}),
        connections: plan.outstanding,
        duration: DURATION_SEC,
        sampleInt: CLEAN_UP_MS,
        setupClient: (client) => setUp(client as unknown as AutocannonClient),
      },
      (error) => {
        if (error) log(`autocannon: ${String(error)}`);
      },
    );

  const now = (latencyMs: LoadTick['latencyMs']): LoadTick => ({
    counters: { intended: counts.totals.offered + dropped, ...counts.totals, dropped },
    latencyMs,
    generator: { ...watch.health(null), scheduleErrorP99Ms: null },
  });

  return {
    start() {
      if (instance !== null) throw couldNotRun('the load runs already');
      instance = open();
      watch.start();
    },
    async stop() {
      if (instance !== null) {
        stopping ??= deferred<void>();
        const done = stopping.promise;
        for (const client of [...clients]) client.finish();
        await done;
      }
      return now(latency.total());
    },
    tick: () => now(latency.takeInterval()),
    probe: (timeoutMs) => probeHttp(plan, target, timeoutMs),
    close() {
      instance?.stop();
      stopping?.reject(couldNotRun('the load was closed while operations were in flight'));
      stopping = null;
    },
  };
}
