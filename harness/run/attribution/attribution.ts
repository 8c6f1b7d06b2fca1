/**
 * What a run finds out after its judged window: which structure grows, and what descriptors stand for. Nothing of it
 * is sampled or judged, and where it cannot be done one note says why.
 */
import { couldNotRun, messageOf } from '../../core/errors.js';
import type { Recording } from '../../core/recording.js';
import type { RunVerdict } from '../../core/verdict.js';
import { describeDescriptors } from '../../sampling/open-descriptors.js';
import { judge } from '../../verdict/judge.js';
import { judgedWindow, offeredPerMin } from '../../verdict/window.js';
import type { Recorder } from '../recorder.js';
import { compareSnapshots } from './compare-snapshots.js';
import { hangsOnLoad, planUnit, separateUnits, unitsWithoutPause } from './load-unit.js';
import { type TakenSnapshots, takeSnapshots } from './take-snapshots.js';
import { wantedOf } from './wanted.js';

/** What is left of a deadline for the end of the run: stopping its processes, judging, printing. */
const RESERVE_MS = 8_000;

const NOBODY_INSIDE =
  'nothing is there to take them in this Node process (NODE_OPTIONS was not passed on, or --pid without ' +
  '--allow-inspect or --snapshot-signal)';

/** A tool of the user's is started anew for each snapshot, and may then send what is there already. */
const NEW_KEYS = ' (the load command begins anew for each of them: let it not send the same keys again)';

/** How the phases of a run ended. */
export interface PhasesEnd {
  /** Where the run's clock began. */
  readonly startMs: number;
  /** Whether the target is still there to be looked at. */
  readonly alive: boolean;
  /** Whether the load was left on: the run was ended by a ceiling. */
  readonly loadOn: boolean;
}

type Parts = Omit<Recorder, 'recent' | 'until'>;

/** Looks at a target whose phases are over. Null when no snapshots were taken. Never rejects for what it finds. */
export async function lookCloser(
  parts: Parts,
  end: PhasesEnd,
  signal: AbortSignal,
): Promise<TakenSnapshots | null> {
  const { run, session, keeper, sinks, clock } = parts;
  if (run.snapshots.when === 'off' || !end.alive || signal.aborted) return null;
  const { recording, warnings } = await sinks.readBack();
  const verdict = judge(keeper.current(), recording, warnings);
  const { heap, snapshots, pid, isNode } = session.target;
  const wanted = wantedOf(verdict, run.snapshots.when, heap !== null);
  const keepOn = run.plan.overload || hangsOnLoad(wanted.growing);
  const seeDescriptors = (loadOn: boolean): void => {
    const groups = wanted.descriptors ? describeDescriptors(pid) : null;
    if (groups !== null) keeper.update({ openDescriptors: { loadOn, groups } });
  };
  if (!keepOn || snapshots === null) seeDescriptors(end.loadOn);
  if (!wanted.snapshots || (snapshots === null && !isNode && run.snapshots.when === 'on-fail')) return null;
  const elapsedMs = clock.nowMs() - end.startMs;
  keeper.enter('attribution', elapsedMs);
  sinks.progress({ phase: 'attribution', elapsedMs, durationMs: run.plan.durationMs });
  try {
    if (snapshots === null) throw couldNotRun(isNode ? NOBODY_INSIDE : 'the target is no Node process');
    const stopped = end.loadOn ? await session.load.stop({ signal }) : keeper.current().load;
    const unit = planUnit(wanted.growing, ratePerSec(verdict, recording));
    const units = keepOn
      ? unitsWithoutPause(session.load, unit, clock, signal)
      : separateUnits(session.load, unit, stopped?.offered ?? null, clock, signal);
    const taken = await takeSnapshots(parts, snapshots, units, signal);
    if (keepOn) seeDescriptors(true);
    // A load that does not end spoils nothing of what is taken; it is ended with everything else.
    await units.end().catch(() => undefined);
    return taken;
  } catch (error) {
    note(parts, 'no heap snapshots were taken', signal, error);
    return null;
  } finally {
    keeper.enter(null, clock.nowMs() - end.startMs);
  }
}

/** Compares what was taken, once the target is stopped and its memory free. Never rejects for what it finds. */
export async function nameCulprits(
  parts: Pick<Parts, 'run' | 'keeper' | 'sinks'>,
  taken: TakenSnapshots,
  signal: AbortSignal,
): Promise<void> {
  const { run, keeper, sinks } = parts;
  const { notice, paths } = sinks;
  const { stripStrings } = run.snapshots;
  try {
    const attribution = await compareSnapshots(taken, { folder: paths.heap, stripStrings, notice }, signal);
    keeper.update({ attribution });
    if (attribution.culprits.some(({ artefact }) => !artefact)) return;
    keeper.warn({
      id: 'culprit-unknown',
      concerns: 'note',
      message:
        'no structure in the heap grew from each heap snapshot to the next: what grew is outside of it, grows too ' +
        `slowly to be seen in so short a time, or stands still without the load of before${run.choices.loadCommand === null ? '' : NEW_KEYS}`,
    });
  } catch (error) {
    note(parts, 'the heap snapshots were not compared', signal, error);
  }
}

/** The signal of a stage that has to end before the run's deadline as well. */
export function beforeDeadline(
  deadlineMs: number | null,
  elapsedMs: number,
  signal: AbortSignal,
): AbortSignal {
  if (deadlineMs === null) return signal;
  const leftMs = Math.max(0, deadlineMs - elapsedMs - RESERVE_MS);
  return AbortSignal.any([signal, AbortSignal.timeout(Math.floor(leftMs))]);
}

function note({ keeper }: Pick<Parts, 'keeper'>, what: string, signal: AbortSignal, error: unknown): void {
  const timedOut = (signal.reason as Error | undefined)?.name === 'TimeoutError';
  const why = !signal.aborted
    ? messageOf(error)
    : timedOut
      ? '--deadline leaves no time for it'
      : 'interrupted';
  keeper.warn({
    id: 'attribution-incomplete',
    concerns: 'note',
    message: `${what}, so no culprit is named: ${why}`,
  });
}

/** Operations that the load really offered; null where it does not count. */
function ratePerSec({ load }: RunVerdict, recording: Recording): number | null {
  const window = judgedWindow(recording);
  const perMin = load === null || window === null ? null : offeredPerMin(recording, window);
  return perMin === null ? null : perMin / 60;
}
