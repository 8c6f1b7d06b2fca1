import { lastReading, type Recording, seriesOf, type TimeWindow } from '../core/recording.js';
import type { ColumnName } from '../core/sample.js';

/** Why something grows, as far as the recording shows it, and what to do next. */
export interface Explanation {
  readonly evidence: string | null;
  readonly advice: string;
}

/** A column's first reading of the run and its last one in the judged window. */
export interface Rise {
  readonly first: number;
  readonly last: number;
  /** How much `last` is above `first`; below zero when it fell. */
  readonly by: number;
}

/** How far a column rose until the end of the judged window; null with fewer than two readings. */
export function riseOf(recording: Recording, column: ColumnName, window: TimeWindow): Rise | null {
  const { values } = seriesOf(recording, column, { startMs: Number.NEGATIVE_INFINITY, endMs: window.endMs });
  const [first, last] = [values[0], values.at(-1)];
  if (first === undefined || last === undefined || values.length < 2) return null;
  return { first, last, by: last - first };
}

/** Of several columns the one that rose most, where one rose at all. */
export function steepest<Column extends ColumnName>(
  recording: Recording,
  columns: readonly Column[],
  window: TimeWindow,
): (Rise & { readonly column: Column }) | null {
  const rises = columns.flatMap((column) => {
    const rise = riseOf(recording, column, window);
    return rise === null || rise.by <= 0 ? [] : [{ column, ...rise }];
  });
  return rises.sort((a, b) => b.by - a.by)[0] ?? null;
}

/** Whether a column has any reading. */
export function wasRead(recording: Recording, column: ColumnName): boolean {
  return lastReading(recording, column) !== null;
}
