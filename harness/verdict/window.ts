import { type Recording, seriesOf, type TimeWindow } from '../core/recording.js';

/**
 * Share of the steady phase left out at its start. Warm-up rarely ends at the moment the schedule says so;
 * on labelled traces a 20 % trim took a straight-line fit from 17 % false fails to 6 %, a further 30 % costs
 * twice the detectable growth and gains little.
 */
export const STEADY_TRIM = 0.2;

/**
 * The window that is judged: the steady phase without its first 20 %. Null when no row is steady. With
 * several steady phases it is the longest one, so that a fit never spans a drain.
 */
export function judgedWindow(recording: Recording): TimeWindow | null {
  const steady = steadyWindow(recording);
  if (steady === null) return null;
  return { startMs: steady.startMs + STEADY_TRIM * (steady.endMs - steady.startMs), endMs: steady.endMs };
}

/** From the first to the last row of the longest unbroken steady phase; null when no row is steady. */
function steadyWindow(recording: Recording): TimeWindow | null {
  const unbroken: TimeWindow[] = [];
  for (let row = 0; row < recording.rowCount; row++) {
    if (recording.phases[row] !== 'steady') continue;
    const at = recording.elapsedMs[row] as number;
    const continued = row > 0 && recording.phases[row - 1] === 'steady' ? unbroken.pop() : undefined;
    unbroken.push({ startMs: continued?.startMs ?? at, endMs: at });
  }
  return unbroken.sort((a, b) => spanOf(b) - spanOf(a))[0] ?? null;
}

function spanOf(window: TimeWindow): number {
  return window.endMs - window.startMs;
}

/** The whole recording as a window: from the first row to the last; null without rows. */
export function wholeRun(recording: Recording): TimeWindow | null {
  if (recording.rowCount === 0) return null;
  return {
    startMs: recording.elapsedMs[0] as number,
    endMs: recording.elapsedMs[recording.rowCount - 1] as number,
  };
}

/** Operations offered per minute inside a window, from the driver's running total; null without load. */
export function offeredPerMin(recording: Recording, window: TimeWindow): number | null {
  const { elapsedMs, values } = seriesOf(recording, 'offered', window);
  const offered = (values.at(-1) ?? 0) - (values[0] ?? 0);
  const minutes = ((elapsedMs.at(-1) ?? 0) - (elapsedMs[0] ?? 0)) / 60_000;
  return offered > 0 && minutes > 0 ? offered / minutes : null;
}
