import type { Clock } from '../core/clock.js';
import type { Outage, ServiceRecord } from '../core/service-record.js';
import { createLatencyRecorder } from '../load/latency-recorder.js';
import type { ProbeOutcome } from '../load/load-driver.js';
import type { Recorder } from './recorder.js';

/** How often each service is asked: often enough to say when it stopped, too rarely to be load. */
const EVERY_MS = 1_000;

/** A stub resolver gives up after a few seconds; who answers later than this answers nobody. */
export const SERVICE_TIMEOUT_MS = 2_000;

/** One question without an answer may be the machine's fault. */
const MIN_MISSED = 2;

/** What comes after so many outages is the same trouble. */
const MAX_OUTAGES = 20;

/** Asks one service over and over, and remembers how it answered. */
export interface ServiceWatch {
  /** Asks until the signal aborts, which ends it without an error; other errors are those of `ask`. */
  run(signal: AbortSignal): Promise<void>;
  record(): ServiceRecord;
}

/**
 * @param nowMs milliseconds on the run's clock
 * @param ask asks one question with a known answer
 */
export function createServiceWatch(
  service: string,
  ask: (timeoutMs: number, signal: AbortSignal) => Promise<ProbeOutcome>,
  clock: Clock,
  nowMs: () => number,
): ServiceWatch {
  const latency = createLatencyRecorder(SERVICE_TIMEOUT_MS);
  const outages: Outage[] = [];
  let asked = 0;
  let answered = 0;
  /** The questions without an answer since the last right one. */
  let missed = 0;
  let first: Outage | null = null;

  const note = ({ ok, message }: ProbeOutcome, fromMs: number): void => {
    asked++;
    if (ok) {
      answered++;
      latency.record(nowMs() - fromMs);
      if (first !== null && missed >= MIN_MISSED && outages.length < MAX_OUTAGES) {
        outages.push({ ...first, toMs: nowMs() });
      }
      missed = 0;
      first = null;
      return;
    }
    missed++;
    first ??= { fromMs, toMs: null, message };
  };

  return {
    async run(signal) {
      while (!signal.aborted) {
        const fromMs = nowMs();
        try {
          note(await ask(SERVICE_TIMEOUT_MS, signal), fromMs);
          await clock.sleep(fromMs + EVERY_MS - nowMs(), signal);
        } catch (error) {
          if (!signal.aborted) throw error;
        }
      }
    },
    record() {
      const { p50, p99 } = latency.total();
      const open = first !== null && missed >= MIN_MISSED ? [first] : [];
      return { service, asked, answered, latencyMs: { p50, p99 }, outages: [...outages, ...open] };
    },
  };
}

/** A watch for each service that the scenario wants asked. */
export function watchServices(
  { run, session, clock }: Pick<Recorder, 'run' | 'session' | 'clock'>,
  startMs: number,
): readonly ServiceWatch[] {
  const { probeAddress } = run.scenario.ofNode ?? {};
  const { zone } = run.choices;
  const answers = probeAddress === undefined ? 'derived' : { address: probeAddress };
  return run.plan.services.map((service) =>
    createServiceWatch(
      service,
      (timeoutMs, signal) => session.load.ask({ service, zone, answers }, timeoutMs, { signal }),
      clock,
      () => clock.nowMs() - startMs,
    ),
  );
}
