import { couldNotRun } from '../core/errors.js';
import type { ProbeResult } from '../core/manifest.js';
import type { Phase } from '../core/phase.js';
import { formatDuration } from '../core/units.js';
import { readStructures } from '../process/structures.js';
import { type Decision, decide, type Look, type StoppingPolicy } from '../stats/policy.js';
import { lookAt } from '../verdict/look.js';
import { fillBetween } from './fill.js';
import { foresee } from './foresight.js';
import type { Recorder } from './recorder.js';
import type { Session } from './session.js';
import { innerDrains, judgedLimitMs, judgedSpanMs, type LoadChange } from './timeline.js';
import { awaitWarmUp } from './warm-up.js';

/** How long a question with a known answer may take. */
const PROBE_TIMEOUT_MS = 3_000;

/** Asks a question with a known answer. An unanswered first one means that the target never was ready. */
export async function probe(recorder: Recorder, at: ProbeResult['at'], signal: AbortSignal): Promise<void> {
  const { session, keeper } = recorder;
  const { ok, message } = await session.load.probe(PROBE_TIMEOUT_MS, { signal });
  keeper.update({ probes: [...keeper.current().probes, { at, ok, message }] });
  if (!ok && at === 'ready') throw couldNotRun(`the target is up but does not serve: ${message}`);
}

/**
 * Walks a session through warm-up, cycles of steady load and drain, and settle.
 *
 * The judged stretch ends when the stopping policy has seen enough: a pass at the planned time, a fail that an
 * adjacent look shares, or the limit. `startMs` is where the run's clock begins. Rejects when the signal aborts.
 */
export async function walkPhases(recorder: Recorder, startMs: number, signal: AbortSignal): Promise<void> {
  const { run, session, clock, keeper, sinks } = recorder;
  const enter = (phase: Phase): void => keeper.enter(phase, Math.max(0, clock.nowMs() - startMs));

  await clock.sleep(startMs - clock.nowMs(), signal);
  enter('warm-up');
  session.load.start();
  await awaitWarmUp(recorder, startMs, signal);
  enter('steady');
  const foresight = foresee((await sinks.readBack()).recording, run.plan);
  if (foresight !== null) sinks.notice(foresight);
  const atStart = await structures(session);
  await steadyAndDrains(recorder, enter, signal);
  enter('drain');
  const drained = clock.sleep(run.plan.drainMs, signal);
  // Asked before the load stops, yet outside steady: the connection it takes must not count there.
  const atEnd = structures(session);
  const [stopped] = await Promise.all([session.load.stop({ signal }), drained]);
  keeper.update({ load: stopped, structures: fillBetween(atStart, await atEnd) });
  enter('settle');
  await probe(recorder, 'settle', signal);
  await clock.sleep(run.plan.sampleEveryMs, signal);
}

/** The judged stretch: load off and on as planned, and looks until the policy stops. */
async function steadyAndDrains(
  recorder: Recorder,
  enter: (phase: Phase) => void,
  signal: AbortSignal,
): Promise<void> {
  const { run, session, clock, keeper, sinks } = recorder;
  const { plan } = run;
  const policy: StoppingPolicy = {
    durationMs: judgedSpanMs(plan),
    maxDurationMs: judgedLimitMs(plan),
    failFast: plan.failFast,
  };
  const changes = [...innerDrains(plan)];
  const looks: Look[] = [];
  const beganMs = clock.nowMs();
  const until = (atMs: number): Promise<void> => clock.sleep(beganMs + atMs - clock.nowMs(), signal);
  let decision: Decision = decide(policy, looks);

  while (decision.kind === 'continue') {
    const next: LoadChange | undefined = changes[0];
    if (next !== undefined && next.atMs <= decision.nextLookMs) {
      changes.shift();
      await until(next.atMs);
      enter(next.load === 'off' ? 'drain' : 'steady');
      if (next.load === 'off') await session.load.stop({ signal });
      else session.load.start();
      continue;
    }
    await until(decision.nextLookMs);
    const { recording } = await sinks.readBack();
    looks.push(lookAt(recording, plan, decision.nextLookMs, recorder.isKnown));
    const planned = decision.nextLookMs <= policy.durationMs;
    decision = decide(policy, looks);
    if (planned && decision.kind === 'continue' && decision.nextLookMs > policy.durationMs) {
      sinks.notice(`not decided yet: the run goes on, up to ${formatDuration(plan.maxDurationMs)} in all`);
    }
  }
  if (decision.reason === 'fail-unconfirmed') {
    keeper.warn({
      id: 'fail-unconfirmed',
      concerns: 'reading',
      message:
        'growth exceeded its budget only at the last look, no earlier one agrees: repeat with a longer --duration',
    });
  }
}

function structures(session: Session): ReturnType<typeof readStructures> {
  const { ops } = session.target.addresses;
  return ops === undefined ? Promise.resolve(null) : readStructures(ops);
}
