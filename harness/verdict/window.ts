import { type Recording, seriesOf, type TimeWindow } from '../core/recording.js';
import { idleGaps } from './idle-gaps.js';

/**
 * The window that is judged: from the first steady row to the last row of load or drain after it. Drains belong
 * to it, since the floor that each leaves says what was kept; rows of warm-up and settle do not. Null when no
 * row is steady.
 */
export function judgedWindow(recording: Recording): TimeWindow | null {
  const first = recording.phases.indexOf('steady');
  if (first < 0) return null;
  const last = recording.phases.findLastIndex((phase) => phase === 'steady' || phase === 'drain');
  return {
    startMs: recording.elapsedMs[first] as number,
    endMs: recording.elapsedMs[last] as number,
  };
}

/** The whole recording as a window: from the first row to the last; null without rows. */
export function wholeRun(recording: Recording): TimeWindow | null {
  if (recording.rowCount === 0) return null;
  return {
    startMs: recording.elapsedMs[0] as number,
    endMs: recording.elapsedMs[recording.rowCount - 1] as number,
  };
}

/**
 * A window up to the last steady row in it: drains between two stretches of load stay, what follows the last
 * one does not. Null when no row of it is steady.
 */
export function loadedWindow(recording: Recording, window: TimeWindow): TimeWindow | null {
  const lastSteady = recording.phases.lastIndexOf('steady');
  if (lastSteady < 0) return null;
  const endMs = Math.min(window.endMs, recording.elapsedMs[lastSteady] as number);
  return endMs > window.startMs ? { ...window, endMs } : null;
}

/**
 * Operations offered per minute of load inside a window, from the driver's total; null without load. Drains do
 * not count as time, as they do not in the growth per minute.
 */
export function offeredPerMin(recording: Recording, window: TimeWindow): number | null {
  const loaded = loadedWindow(recording, window);
  if (loaded === null) return null;
  const { elapsedMs, values } = seriesOf(recording, 'offered', loaded);
  const [firstMs, lastMs] = [elapsedMs[0] ?? 0, elapsedMs.at(-1) ?? 0];
  const offered = (values.at(-1) ?? 0) - (values[0] ?? 0);
  const inside = idleGaps(recording).filter(({ startMs, endMs }) => startMs >= firstMs && endMs <= lastMs);
  const idleMs = inside.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  const minutes = (lastMs - firstMs - idleMs) / 60_000;
  return offered > 0 && minutes > 0 ? offered / minutes : null;
}
