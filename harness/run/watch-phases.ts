import type { Clock } from '../core/clock.js';
import { formatDuration } from '../core/units.js';
import { growthSoFar } from '../verdict/growth-so-far.js';
import type { Recorder } from './recorder.js';

/** Samples before the growth is told for the first time; later whenever the watch is half as long again. */
const FIRST_LOOK_SAMPLES = 24;
const LOOK_FACTOR = 1.5;

/**
 * Watches a target that somebody else drives: warm-up, then steady to the end, since nothing is known of its load.
 * The end is `until`, the planned time, or the signal, which makes it reject. Tells the growth so far now and then.
 */
export async function watchPhases(recorder: Recorder, startMs: number, signal: AbortSignal): Promise<void> {
  const { run, clock, keeper, sinks, until } = recorder;
  const { plan } = run;
  const enough = (): boolean => until?.aborted ?? false;
  const sinceStart = (): number => Math.max(0, clock.nowMs() - startMs);
  const pause = (ms: number): Promise<void> => pauseUntil(clock, ms, until, signal);

  if (plan.warmUpMs > 0) {
    keeper.enter('warm-up', 0);
    await pause(plan.warmUpMs - clock.nowMs() + startMs);
  }
  if (enough()) return;
  keeper.enter('steady', sinceStart());
  let lookMs = plan.warmUpMs + FIRST_LOOK_SAMPLES * plan.sampleEveryMs;
  while (!enough() && sinceStart() < plan.durationMs) {
    await pause(Math.min(lookMs, plan.durationMs) - clock.nowMs() + startMs);
    if (sinceStart() < lookMs) continue;
    const growth = growthSoFar((await sinks.readBack()).recording, plan);
    if (growth !== null) sinks.notice(`after ${formatDuration(1000 * Math.round(lookMs / 1000))}: ${growth}`);
    lookMs *= LOOK_FACTOR;
  }
}

/** Waits, or for the word that it is enough; rejects when the signal aborts. */
async function pauseUntil(
  clock: Clock,
  ms: number,
  until: AbortSignal | undefined,
  signal: AbortSignal,
): Promise<void> {
  try {
    await clock.sleep(ms, until === undefined ? signal : AbortSignal.any([signal, until]));
  } catch (error) {
    if (signal.aborted || until?.aborted !== true) throw error;
  }
}
