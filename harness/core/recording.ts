import type { Phase } from './phase.js';

/**
 * A recorded run, column by column: what `samples.csv` holds once it is read back. Columns are dense so that
 * 48 hours at 1 Hz stay small; **NaN stands for an empty cell** and is never handed to a statistic.
 */
export interface Recording {
  readonly rowCount: number;
  /** Monotonic milliseconds of each row, strictly increasing. */
  readonly elapsedMs: Float64Array;
  readonly phases: readonly Phase[];
  /** A column by its CSV name; null when the recording does not have it. */
  column(name: string): Float64Array | null;
}

/** A recording of a run that ended before its first sample. */
export function emptyRecording(): Recording {
  return { rowCount: 0, elapsedMs: new Float64Array(0), phases: [], column: () => new Float64Array(0) };
}

/** Readings of one metric, empty cells left out; both arrays have the same length. */
export interface Series {
  readonly elapsedMs: readonly number[];
  readonly values: readonly number[];
}

/** A window of a recording's clock, both ends included. */
export interface TimeWindow {
  readonly startMs: number;
  readonly endMs: number;
}

/** The present readings of a column inside a window; `only` names a column that must be present as well. */
export function seriesOf(
  recording: Recording,
  column: string,
  window: TimeWindow,
  only: string | null = null,
): Series {
  const data = recording.column(column);
  const gate = only === null ? null : recording.column(only);
  const elapsedMs: number[] = [];
  const values: number[] = [];
  if (data === null || (only !== null && gate === null)) return { elapsedMs, values };
  for (let row = 0; row < recording.rowCount; row++) {
    const at = recording.elapsedMs[row] as number;
    const value = data[row] as number;
    if (at < window.startMs || at > window.endMs) continue;
    if (Number.isNaN(value) || (gate !== null && Number.isNaN(gate[row]))) continue;
    elapsedMs.push(at);
    values.push(value);
  }
  return { elapsedMs, values };
}

/** The last present value of a column; null when it was never read. */
export function lastReading(recording: Recording, column: string): number | null {
  const data = recording.column(column);
  if (data === null) return null;
  for (let row = recording.rowCount - 1; row >= 0; row--) {
    const value = data[row] as number;
    if (!Number.isNaN(value)) return value;
  }
  return null;
}
