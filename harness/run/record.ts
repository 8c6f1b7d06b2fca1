import type { ProcessRow } from '../core/process-row.js';
import type { Sample } from '../core/sample.js';
import { type CadenceController, createCadence } from '../sampling/collection-cadence.js';
import type { GaugeReader } from '../sampling/gauges/gauge-reader.js';
import { openProcessSource } from '../sampling/open-source.js';
import { runSampler } from '../sampling/sampler.js';
import { openTargetSource } from '../sampling/target-source.js';
import type { PhasesEnd } from './attribution/attribution.js';
import { exceededCeiling } from './ceilings.js';
import { isWatched } from './load-plan.js';
import { openGauges } from './open-gauges.js';
import { probe, walkPhases } from './phases.js';
import type { Recorder } from './recorder.js';
import { watchRestarts } from './restarts.js';
import { watchServices } from './service-watch.js';
import { usableMs } from './timeline.js';
import { watchPhases } from './watch-phases.js';

/** Time between "target ready" and the first sample, for the agent's first answer. */
const FIRST_SAMPLE_MS = 300;

/** Samples kept in memory, for the end of warm-up. */
const RECENT_SAMPLES = 30;

/**
 * Drives a started session through its phases and records a sample per tick.
 *
 * Resolves when the phases are over, the target has gone or a ceiling was reached, with how that left it; rejects with the signal's reason when
 * interrupted, and with `could-not-run` when the load process or a sink fails.
 */
export async function recordPhases(parts: Omit<Recorder, 'recent'>, signal: AbortSignal): Promise<PhasesEnd> {
  const { session, run, clock, keeper } = parts;
  /** The target has gone, or grown to a ceiling: there is nothing more to see. */
  const gone = new AbortController();
  let alive = true;
  let loadOn = false;
  let recent: readonly Sample[] = [];
  const restarts = watchRestarts();
  const sinks = {
    ...parts.sinks,
    sample: (row: Sample): void => {
      parts.sinks.sample(row);
      const hit = exceededCeiling(run.plan.ceilings, row);
      if (hit !== null) {
        keeper.update({ ceilingHit: hit });
        gone.abort();
      }
      recent = [...recent, row].slice(-RECENT_SAMPLES);
    },
    processes: (rows: readonly ProcessRow[]): void => {
      parts.sinks.processes?.(rows);
      restarts.see(rows);
    },
  };
  const recorder: Recorder = { ...parts, sinks, recent: () => recent };
  await probe(recorder, 'ready', signal);
  const gauges = await openGauges(recorder);
  const startMs = clock.nowMs() + FIRST_SAMPLE_MS;
  const cadence = createCadence({
    judgedWindowMs: usableMs(run.plan),
    tickMs: run.plan.sampleEveryMs,
  });
  const over = new AbortController();
  void session.target.exited.then(() => {
    alive = false;
    gone.abort();
  });
  session.load.failed.catch((error: unknown) => over.abort(error));

  const sampling = sample(recorder, { startMs, cadence, gauges }, over.signal).catch((error: unknown) =>
    over.abort(error),
  );
  const stopEarly = AbortSignal.any([signal, over.signal, gone.signal]);
  const services = watchServices(recorder, startMs);
  const asking = Promise.all(services.map((service) => service.run(stopEarly))).catch((error: unknown) =>
    over.abort(error),
  );
  try {
    await (isWatched(run) ? watchPhases : walkPhases)(recorder, startMs, stopEarly);
  } catch (error) {
    if (signal.aborted || over.signal.aborted) throw over.signal.aborted ? over.signal.reason : error;
    if (!gone.signal.aborted) throw error;
    loadOn = true;
  } finally {
    keeper.enter(null, clock.nowMs() - startMs);
    if (!over.signal.aborted) over.abort();
    await Promise.all([sampling, asking]);
    keeper.update({ services: services.map((service) => service.record()) });
    for (const warning of gauges?.close() ?? []) keeper.warn(warning);
    const restarted = restarts.warning();
    if (restarted !== null) keeper.warn(restarted);
    keeper.update({ cadence: run.plan.forceGc && session.target.heap !== null ? cadence.summary() : null });
  }
  return { startMs, alive, loadOn };
}

/** What the sampler needs beside the recorder's parts. */
interface Sampling {
  readonly startMs: number;
  readonly cadence: CadenceController;
  readonly gauges: GaugeReader | null;
}

async function sample(
  recorder: Recorder,
  { startMs, cadence, gauges }: Sampling,
  signal: AbortSignal,
): Promise<void> {
  const { run, session, sinks, clock, keeper } = recorder;
  const { plan } = run;
  const asked = plan.budgets.filter((budget) => budget.explicit).map(({ metric }) => metric);
  const target = openIfAlive(() => openTargetSource(plan.sampler, session.target.pid, asked));
  if (target === null) return;
  const rig = openProcessSource(plan.sampler, process.pid);
  const emit = (row: Sample): void => {
    sinks.sample(row);
    sinks.progress({ phase: row.phase, elapsedMs: row.elapsedMs, durationMs: plan.durationMs });
  };
  try {
    await runSampler(
      { pid: session.target.pid, startMs, everyMs: plan.sampleEveryMs },
      {
        clock,
        target,
        rig,
        heap: session.target.heap,
        cadence: plan.forceGc && session.target.heap !== null ? cadence : null,
        load: () => session.load.latest(),
        gauges: gauges ?? undefined,
        phase: () => keeper.current().phases.at(-1)?.phase ?? 'warm-up',
        emit,
        emitProcesses: sinks.processes,
      },
      signal,
    );
  } finally {
    target.close();
    rig.close();
  }
}

/** Null when the target has gone before its first sample; its exit then ends the run. */
function openIfAlive<Source>(open: () => Source): Source | null {
  try {
    return open();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
