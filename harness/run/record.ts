import type { Clock } from '../core/clock.js';
import { couldNotRun } from '../core/errors.js';
import type { ProbeResult } from '../core/manifest.js';
import type { Phase } from '../core/phase.js';
import type { Sample } from '../core/sample.js';
import { readStructures } from '../process/structures.js';
import { type CadenceController, createCadence } from '../sampling/collection-cadence.js';
import { openProcessSource } from '../sampling/open-source.js';
import { type HeapProbe, runSampler } from '../sampling/sampler.js';
import { STEADY_TRIM } from '../verdict/window.js';
import { fillBetween } from './fill.js';
import type { ManifestKeeper } from './manifest-keeper.js';
import type { ResolvedRun } from './run-options.js';
import type { Session } from './session.js';
import type { RunSinks } from './sinks.js';

/** How long a question with a known answer may take, and what is left for the last readings after it. */
const PROBE_TIMEOUT_MS = 3_000;

/** Time between "target ready" and the first sample, for the agent's first answer. */
const FIRST_SAMPLE_MS = 300;

/** Everything that recording a run needs. */
export interface Recorder {
  readonly run: ResolvedRun;
  readonly session: Session;
  readonly keeper: ManifestKeeper;
  readonly sinks: RunSinks;
  readonly clock: Clock;
}

/**
 * Drives a started session through its phases and records a sample per tick.
 *
 * Resolves when the phases are over or the target has gone; rejects with the signal's reason when
 * interrupted, and with `could-not-run` when the load process or a sink fails.
 */
export async function recordPhases(recorder: Recorder, signal: AbortSignal): Promise<void> {
  const { session, run, clock, keeper } = recorder;
  await probe(recorder, 'ready', signal);
  const startMs = clock.nowMs() + FIRST_SAMPLE_MS;
  const cadence = createCadence({
    judgedWindowMs: judgedWindowMs(run),
    tickMs: run.plan.sampleEveryMs,
  });
  const over = new AbortController();
  const gone = new AbortController();
  void session.target.exited.then(() => gone.abort());
  session.load.failed.catch((error: unknown) => over.abort(error));

  const sampling = sample(recorder, startMs, cadence, over.signal).catch((error: unknown) =>
    over.abort(error),
  );
  const stopEarly = AbortSignal.any([signal, over.signal, gone.signal]);
  try {
    await walkPhases(recorder, startMs, stopEarly);
  } catch (error) {
    if (signal.aborted || over.signal.aborted) throw over.signal.aborted ? over.signal.reason : error;
    if (!gone.signal.aborted) throw error;
  } finally {
    keeper.enter(null, clock.nowMs() - startMs);
    if (!over.signal.aborted) over.abort();
    await sampling;
    keeper.update({ cadence: run.plan.forceGc && session.hasAgent ? cadence.summary() : null });
  }
}

async function walkPhases(recorder: Recorder, startMs: number, signal: AbortSignal): Promise<void> {
  const { run, session, clock, keeper } = recorder;
  const { warmUpMs, drainMs, durationMs } = run.plan;
  const until = (elapsedMs: number): Promise<void> =>
    clock.sleep(startMs + elapsedMs - clock.nowMs(), signal);
  const enter = (phase: Phase): void => keeper.enter(phase, Math.max(0, clock.nowMs() - startMs));

  await until(0);
  enter('warm-up');
  session.load.start();
  await until(warmUpMs);
  enter('steady');
  const atStart = await structures(session);
  await until(durationMs - drainMs);
  enter('drain');
  // Asked before the load stops, yet outside steady: the connection it takes must not count there.
  const atEnd = structures(session);
  const [stopped] = await Promise.all([session.load.stop({ signal }), until(durationMs)]);
  keeper.update({ load: stopped, structures: fillBetween(atStart, await atEnd) });
  enter('settle');
  await probe(recorder, 'settle', signal);
  await clock.sleep(run.plan.sampleEveryMs, signal);
}

/** Asks a question with a known answer. An unanswered first one means that the target never was ready. */
async function probe(recorder: Recorder, at: ProbeResult['at'], signal: AbortSignal): Promise<void> {
  const { session, keeper } = recorder;
  const { ok, message } = await session.load.probe(PROBE_TIMEOUT_MS, { signal });
  keeper.update({ probes: [...keeper.current().probes, { at, ok, message }] });
  if (!ok && at === 'ready') throw couldNotRun(`the target is up but does not serve: ${message}`);
}

async function sample(
  recorder: Recorder,
  startMs: number,
  cadence: CadenceController,
  signal: AbortSignal,
): Promise<void> {
  const { run, session, sinks, clock, keeper } = recorder;
  const { plan } = run;
  const target = openProcessSource(plan.sampler, session.target.pid);
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
        heap: session.hasAgent ? heapProbe(session) : null,
        cadence: plan.forceGc && session.hasAgent ? cadence : null,
        load: () => session.load.latest(),
        phase: () => keeper.current().phases.at(-1)?.phase ?? 'warm-up',
        emit,
      },
      signal,
    );
  } finally {
    target.close();
    rig.close();
  }
}

function heapProbe(session: Session): HeapProbe {
  const { agents, target } = session;
  return { ask: (collect) => agents.ask(target.pid, collect), latest: () => agents.latest(target.pid) };
}

function structures(session: Session): ReturnType<typeof readStructures> {
  const { ops } = session.ready.addresses;
  return ops === undefined ? Promise.resolve(null) : readStructures(ops);
}

/** Length of the part of steady that the verdict will look at. */
function judgedWindowMs({ plan }: ResolvedRun): number {
  return (1 - STEADY_TRIM) * (plan.durationMs - plan.warmUpMs - plan.drainMs);
}
