import { type Clock, systemClock } from '../core/clock.js';
import { couldNotRun, HarnessError, messageOf } from '../core/errors.js';
import { dominantExitCode } from '../core/exit-code.js';
import { emptyRecording } from '../core/recording.js';
import type { MetricVerdict, RunVerdict } from '../core/verdict.js';
import { isReadable } from '../process/process-tree.js';
import { judge } from '../verdict/judge.js';
import { beforeDeadline, lookCloser, nameCulprits } from './attribution/attribution.js';
import type { TakenSnapshots } from './attribution/take-snapshots.js';
import { createManifestKeeper, type ManifestKeeper } from './manifest-keeper.js';
import { recordPhases } from './record.js';
import type { ResolvedRun } from './run-options.js';
import { type Session, startSession } from './session.js';
import type { ReadBack, RunSinks } from './sinks.js';
import { describeTarget } from './start-target.js';

export interface RunContext {
  readonly sinks: RunSinks;
  /** Version of leak-soak, for the manifest. */
  readonly version: string;
  /** The command that repeats this run, for the report. */
  readonly reproduce: string;
  readonly clock?: Clock;
  /** Ends a run without load of its own, in good order and as if its time were up. @default its time alone does */
  readonly until?: AbortSignal;
  /** Failing metrics that a baseline knows, so that the run goes on for the others. @default none */
  readonly isKnown?: ((metric: MetricVerdict) => boolean) | undefined;
  /** What the environment of the run's processes is chosen from. @default the rig's own */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * One whole run: start the processes, drive and sample them, stop them, read the samples back and judge.
 *
 * When the signal aborts, the run ends in good order and is judged on what it has (exit 130). When it could
 * not be carried out (the target never served, the load process failed), the verdict is `error` with the
 * reason as a finding. Throws what a sink throws. No process of the run is left behind in any case.
 */
export async function runScenario(
  run: ResolvedRun,
  context: RunContext,
  signal: AbortSignal,
): Promise<RunVerdict> {
  const clock = context.clock ?? systemClock;
  const { sinks, env = process.env } = context;
  const beganMs = clock.nowMs();
  /** What ends the stages after the phases: an interruption, or the deadline of the run. */
  const left = (): AbortSignal => beforeDeadline(run.snapshots.deadlineMs, clock.nowMs() - beganMs, signal);
  let rows = 0;
  const counting: RunSinks = {
    ...sinks,
    sample: (row) => {
      sinks.sample(row);
      rows++;
    },
  };
  const keeper = createManifestKeeper(
    { run, target: describeTarget(run, sinks.paths.targetConfig), ...context, env },
    clock,
    sinks.manifest,
  );
  try {
    const recorded = await record(run, { ...context, sinks: counting, clock, env }, keeper, signal, left);
    if (recorded.taken !== null) {
      sinks.progress({ phase: 'judging', elapsedMs: run.plan.durationMs, durationMs: run.plan.durationMs });
      await nameCulprits({ run, keeper, sinks }, recorded.taken, left());
    }
    finish(keeper, recorded.interrupted ? 'interrupted' : 'finished', clock);
  } catch (error) {
    if (!signal.aborted) {
      // Ours is written for the user and ends with the target's last lines; of a stranger the first line will do.
      keeper.update({ failure: error instanceof HarnessError ? error.message : messageOf(error) });
      finish(keeper, 'failed', clock);
      if (!(error instanceof HarnessError)) throw error;
      return judge(keeper.current(), emptyRecording());
    }
    finish(keeper, 'interrupted', clock);
  }
  sinks.progress({ phase: 'judging', elapsedMs: run.plan.durationMs, durationMs: run.plan.durationMs });
  const { recording, warnings } =
    rows === 0 ? { recording: emptyRecording(), warnings: [] } : await readBack(sinks);
  const verdict = judge(keeper.current(), recording, warnings);
  // Once all samples are there an interruption changes no verdict, yet whoever waits for the run is to know of it.
  return signal.aborted ? { ...verdict, exitCode: dominantExitCode([verdict.exitCode, 130]) } : verdict;
}

/** Reads our own samples; whatever is wrong with them is our failure, not the caller's. */
async function readBack(sinks: RunSinks): Promise<ReadBack> {
  try {
    return await sinks.readBack();
  } catch (cause) {
    throw couldNotRun(`the samples just written cannot be read back: ${messageOf(cause)}`, cause);
  }
}

/** What recording a run has left behind. */
interface Recorded {
  /** Whether the phases were cut short. */
  readonly interrupted: boolean;
  /** Heap snapshots that have to be compared; null for none. */
  readonly taken: TakenSnapshots | null;
}

async function record(
  run: ResolvedRun,
  { sinks, clock, env, until, isKnown }: RunContext & Required<Pick<RunContext, 'clock' | 'env'>>,
  keeper: ManifestKeeper,
  signal: AbortSignal,
  left: () => AbortSignal,
): Promise<Recorded> {
  const { durationMs } = run.plan;
  sinks.progress({ phase: 'starting', elapsedMs: 0, durationMs });
  const onWatchdogLost = (): void =>
    keeper.warn({
      id: 'watchdog-lost',
      concerns: 'note',
      message:
        'the watchdog process was ended from outside: had the rig been killed, its children would have stayed',
    });
  const session = await startSession(
    { run, runId: keeper.current().runId, paths: sinks.paths, env, onWatchdogLost },
    clock,
    signal,
  );
  try {
    announce(run, session, keeper);
    const parts = { run, session, keeper, sinks, clock };
    const end = await recordPhases({ ...parts, until, isKnown }, signal);
    const interrupted = signal.aborted;
    session.conclude();
    const taken = await lookCloser(parts, end, left());
    return { interrupted, taken };
  } finally {
    sinks.progress({ phase: 'stopping', elapsedMs: durationMs, durationMs });
    keeper.update({ targetExit: await session.stop(signal.aborted) });
  }
}

function announce({ target: spec }: ResolvedRun, { target }: Session, keeper: ManifestKeeper): void {
  const { pid, version, addresses, isNode, heap, readyAfterMs } = target;
  keeper.update({ target: { ...keeper.current().target, pid, version, addresses, isNode }, readyAfterMs });
  if (spec.kind === 'command' && spec.readyLog === null && Object.keys(spec.addresses).length === 0) {
    keeper.warn({
      id: 'readiness-unknown',
      concerns: 'note',
      message:
        'nothing was named that shows when the target serves, so load began right after its launch: name its ' +
        'address (--tcp, --http, --dns …) or --ready-log',
    });
  }
  if (!isReadable(pid)) {
    keeper.warn({
      id: 'not-permitted',
      concerns: 'note',
      message:
        `process ${pid} belongs to another user, so its kinds of descriptors, bytes written, PSS and heap stay ` +
        'empty: run leak-soak as that user or as root to read them',
    });
  }
  if (heap !== null || !isNode) return;
  const { kind } = keeper.current().target;
  keeper.warn({
    id: 'agent-missing',
    // Our own node always answers; of a foreign one nothing more than RSS was promised.
    concerns: kind === 'built-in' ? 'coverage' : 'note',
    message:
      kind === 'attached'
        ? 'this Node process was running already, so its heap is not read and RSS decides: ' +
          '--allow-inspect reads it through its inspector, which SIGUSR1 switches on'
        : 'no agent in this Node process, so its heap is not read and RSS decides ' +
          '(NODE_OPTIONS was not passed on to it)',
  });
}

function finish(keeper: ManifestKeeper, state: 'finished' | 'interrupted' | 'failed', clock: Clock): void {
  keeper.update({ state, endedAt: clock.wallTime().toISOString() });
}
