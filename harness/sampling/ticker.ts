import type { Clock } from '../core/clock.js';

/** One tick of a drift-free schedule. */
export interface Tick {
  /** When it was due, on the schedule's grid: `index × every`. */
  readonly dueMs: number;
  readonly index: number;
  /** Grid points skipped just before this one because the process was held up. */
  readonly missed: number;
}

/**
 * Ticks on a fixed grid from `startMs`, for ever, until the signal aborts (then it returns quietly).
 *
 * A late tick does not move the later ones; whole grid points that passed while nobody ran are skipped and
 * counted, never made up for.
 */
export async function* ticks(
  clock: Clock,
  startMs: number,
  everyMs: number,
  signal: AbortSignal,
): AsyncGenerator<Tick, void, void> {
  let index = 0;
  while (!signal.aborted) {
    const dueMs = startMs + index * everyMs;
    try {
      await clock.sleep(dueMs - clock.nowMs(), signal);
    } catch {
      return;
    }
    const passed = Math.floor((clock.nowMs() - dueMs) / everyMs);
    const missed = Math.max(0, passed);
    index += missed;
    yield { dueMs: startMs + index * everyMs, index, missed };
    index++;
  }
}
