import type { Sample } from '../core/sample.js';
import type { StructureSize } from '../core/structure.js';
import { readStructures } from '../process/structures.js';
import type { Recorder } from './recorder.js';

/** How often a warm-up that ends by itself looks whether it may. */
const CHECK_EVERY_MS = 1_000;

/** Samples that must have settled, and by how much of their level they may still move. */
const SETTLED_SAMPLES = 5;
const SETTLED_SHARE = 0.02;

/** A bounded structure is full from here; one that does not fill further at a lower level has found it. */
const FULL = 0.9;
const STANDING = 0.01;

/**
 * Waits for the end of warm-up: the planned time, or where it ends by itself until live heap (RSS where it is not read)
 * has settled and no bounded structure of the target fills any further, at most to its limit.
 */
export async function awaitWarmUp(recorder: Recorder, startMs: number, signal: AbortSignal): Promise<void> {
  const { run, clock, keeper, session } = recorder;
  const { warmUpMs, warmUpLimitMs } = run.plan;
  const limitMs = warmUpLimitMs ?? warmUpMs;
  const endMs = startMs + limitMs;
  if (warmUpLimitMs === null) return clock.sleep(endMs - clock.nowMs(), signal);
  const { ops } = session.target.addresses;
  let before: readonly StructureSize[] | null = null;
  while (clock.nowMs() < endMs) {
    await clock.sleep(Math.min(CHECK_EVERY_MS, endMs - clock.nowMs()), signal);
    const now = ops === undefined ? [] : await readStructures(ops);
    if (standing(before, now) && settled(recorder.recent())) return;
    before = now;
  }
  keeper.warn({
    id: 'warm-up-limit',
    concerns: 'note',
    message: `warm-up was ended after ${Math.round(limitMs / 1000)} s although levels had not settled: raise --duration`,
  });
}

/** Whether every bounded structure is full, or as full as it gets. Unread sizes are not. */
export function standing(
  before: readonly StructureSize[] | null,
  now: readonly StructureSize[] | null,
): boolean {
  if (now === null || before === null) return false;
  return now.every(({ name, fill }) => {
    const earlier = before.find((size) => size.name === name)?.fill ?? null;
    if (fill === null || fill >= FULL) return true;
    return earlier !== null && fill - earlier <= STANDING;
  });
}

/** Whether the last samples of live heap, or of RSS without it, stay within a small part of their level. */
export function settled(samples: readonly Sample[]): boolean {
  const live = samples.flatMap(({ liveHeapBytes }) => liveHeapBytes ?? []);
  const levels = live.length > 0 ? live : samples.flatMap(({ rssBytes }) => rssBytes ?? []);
  const last = levels.slice(-SETTLED_SAMPLES);
  if (last.length < SETTLED_SAMPLES) return false;
  const highest = Math.max(...last);
  return highest - Math.min(...last) <= SETTLED_SHARE * highest;
}
