import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import { couldNotRun, messageOf } from '../../core/errors.js';
import type { LoadCounters } from '../../core/load-counters.js';
import { seededRandom } from '../../core/random.js';
import { createGeneratorWatch } from '../generator-watch.js';
import type { LoadDriver, LoadTick, ProbeOutcome } from '../load-driver.js';
import type { ScriptPlan } from '../plan.js';
import { probeTcp } from '../tcp-probe.js';
import { whereAndWhat } from './import-script.js';
import { createOperations } from './operations.js';
import { createRepetition, type Repetition } from './repetition.js';
import type { Operation, TrafficContext, TrafficScript } from './traffic.js';

/** What the driver needs from outside. */
export interface ScriptLoadDeps {
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly log: (line: string) => void;
  /** Ends the load for an error that no command answers for. */
  readonly fail: (error: Error) => void;
}

/** How long traffic may take to return, beside the longest that an operation may take. */
const RETURN_MS = 2_000;

/** A load that the user wrote: `traffic` is called when load goes on, and told by its signal when it goes off. */
export function openScriptLoad(
  plan: ScriptPlan,
  script: TrafficScript,
  addresses: Readonly<Record<string, string>>,
  { nowMs, log, fail }: ScriptLoadDeps,
): LoadDriver {
  const operations = createOperations(plan.timeoutMs, nowMs, log);
  const watch = createGeneratorWatch('script');
  const random = seededRandom(plan.seed);
  const repetitions = new Set<Repetition>();
  /** Of repetitions that have ended, and of single attempts. */
  let [intended, dropped, cycle] = [0, 0, 0];
  let load: { readonly controller: AbortController; readonly returned: Promise<void> } | null = null;

  const attempt = async (operation: Operation): Promise<boolean> => {
    intended++;
    const isRight = await operations.begin(operation, nowMs());
    // Operations that end at once, one after the other, would keep everything else in this process from its turn.
    await setImmediate();
    return isRight;
  };

  const repeat = async (operation: Operation, signal: AbortSignal): Promise<void> => {
    const repetition = createRepetition(plan, nowMs, (intendedMs, now) => {
      watch.recordScheduleError(now - intendedMs);
      return operations.begin(operation, intendedMs);
    });
    repetitions.add(repetition);
    try {
      await repetition.until(signal);
    } finally {
      repetitions.delete(repetition);
      const ended = repetition.schedule();
      intended += ended.intended;
      dropped += ended.dropped;
    }
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    const context: TrafficContext = {
      addresses,
      cycle,
      ratePerSec: plan.ratePerSec,
      random: () => random() / 2 ** 32,
      signal,
      repeat: (operation) => repeat(operation, signal),
      attempt,
    };
    while (!signal.aborted) {
      const before = operations.totals.offered;
      await script.traffic(context);
      await setImmediate();
      if (!signal.aborted && operations.totals.offered === before) {
        throw couldNotRun(
          'it returned without an operation while load was on: await repeat(…), or attempt(…) as long as its signal is not aborted',
        );
      }
    }
  };

  const begin = (): { controller: AbortController; returned: Promise<void> } => {
    const controller = new AbortController();
    const returned = run(controller.signal).catch((error: unknown) => {
      const isAbort = error === controller.signal.reason || (error as Error)?.name === 'AbortError';
      if (controller.signal.aborted && isAbort) return;
      log(error instanceof Error ? (error.stack ?? error.message) : String(error));
      fail(couldNotRun(`traffic of ${plan.path}: ${whereAndWhat(error, plan.path)}`, error));
    });
    return { controller, returned };
  };

  const counters = (): LoadCounters => {
    const running = [...repetitions].map((repetition) => repetition.schedule());
    return {
      ...operations.totals,
      intended: running.reduce((sum, schedule) => sum + schedule.intended, intended),
      dropped: running.reduce((sum, schedule) => sum + schedule.dropped, dropped),
    };
  };
  const now = (latencyMs: LoadTick['latencyMs']): LoadTick => ({
    counters: counters(),
    latencyMs,
    generator: {
      ...watch.health(null),
      ...(plan.outstanding === undefined ? {} : { scheduleErrorP99Ms: null }),
    },
  });

  return {
    start() {
      if (load !== null) throw couldNotRun('the load runs already');
      cycle++;
      load = begin();
      watch.start();
    },
    async stop() {
      if (load !== null) {
        load.controller.abort();
        const over = load.returned.then(operations.ended).then(() => true);
        const mostMs = plan.timeoutMs + RETURN_MS;
        if (!(await Promise.race([over, delay(mostMs, false, { ref: false })]))) {
          throw couldNotRun(
            `traffic of ${plan.path} still runs ${mostMs / 1000} s after load went off: return when its signal aborts`,
          );
        }
        load = null;
      }
      return now(operations.latency.total());
    },
    tick: () => now(operations.latency.takeInterval()),
    probe: (timeoutMs) =>
      script.probe === undefined
        ? probeTcp(addresses, timeoutMs)
        : probe(script.probe, addresses, timeoutMs, plan.path),
    close() {
      load?.controller.abort();
      operations.close();
    },
  };
}

async function probe(
  ask: NonNullable<TrafficScript['probe']>,
  addresses: Readonly<Record<string, string>>,
  timeoutMs: number,
  path: string,
): Promise<ProbeOutcome> {
  const signal = AbortSignal.timeout(timeoutMs);
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`no answer within ${timeoutMs} ms`)));
  });
  try {
    await Promise.race([ask({ addresses, signal }), late]);
    return { ok: true, message: `the probe of ${path} was answered` };
  } catch (error) {
    return { ok: false, message: `the probe of ${path}: ${messageOf(error)}` };
  }
}
