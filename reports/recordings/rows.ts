import type { ForeignRecording, RecordingNote } from '../../harness/core/foreign-recording.js';
import { type MetricColumn, metricColumn, NO_READING, type RowMetric } from './metric-column.js';
import { longestStretch, type Rows } from './stretch.js';

/** Collects the rows of one file, whatever its format. */
export interface RowCollector {
  /** A row of the file; `cells` follow the metrics given at creation. Null load or pid: the file has none. */
  add(row: CollectedRow): void;
  /** A row that cannot be used; counted by the reason. */
  skip(reason: string): void;
  /** What came together: the longest stretch of one process. Throws a usage error for two runs in one file. */
  finish(): ForeignRecording;
}

export interface CollectedRow {
  readonly line: number;
  /** Milliseconds on any clock, NaN when the row has no time. */
  readonly timeMs: number;
  readonly cells: readonly string[];
  readonly load: number | null;
  /** NaN where the row does not say; it then belongs to the process before. */
  readonly pid: number | null;
}

/** A collector for the rows of a file that holds these metrics. */
export function rowCollector(metrics: readonly RowMetric[]): RowCollector {
  const columns = metrics.map((metric) => metricColumn(metric));
  const rows: Rows = { lines: [], timesMs: [], pids: [], loads: [] };
  const skipped = new Map<string, number>();
  const skip = (reason: string): void => {
    skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
  };
  let pid: number | null = null;
  let hasLoad = false;
  return {
    skip,
    add(row) {
      if (!Number.isFinite(row.timeMs)) return skip('without a time');
      if (row.load !== null && !Number.isFinite(row.load)) return skip('without a load');
      if (row.pid !== null && Number.isFinite(row.pid)) pid = row.pid;
      if (row.timeMs === rows.timesMs.at(-1) && pid === rows.pids.at(-1)) return skip('that repeat a time');
      hasLoad ||= row.load !== null;
      rows.lines.push(row.line);
      rows.timesMs.push(row.timeMs);
      rows.pids.push(pid);
      rows.loads.push(row.load ?? 1);
      for (let i = 0; i < columns.length; i++) columns[i]?.add(row.cells[i] ?? '');
    },
    finish() {
      const { from, to, notes } = longestStretch(rows);
      const start = rows.timesMs[0] ?? 0;
      for (const column of columns) column.refuseText();
      const series = columns.map((column) => seriesOf(column, rows, from, to, start, hasLoad));
      return {
        series,
        pid: rows.pids[from] ?? null,
        spanMs: to > from ? [(rows.timesMs[from] ?? 0) - start, (rows.timesMs[to - 1] ?? 0) - start] : null,
        notes: [...skippedNote(skipped), ...columns.flatMap((column) => column.notes()), ...notes],
      };
    },
  };
}

function seriesOf(
  column: MetricColumn,
  { timesMs, loads }: Rows,
  from: number,
  to: number,
  start: number,
  hasLoad: boolean,
): ForeignRecording['series'][number] {
  const elapsedMs: number[] = [];
  const values: number[] = [];
  const load: number[] = [];
  for (let row = from; row < to; row++) {
    const value = column.values[row] ?? NO_READING;
    if (Number.isNaN(value)) continue;
    elapsedMs.push((timesMs[row] as number) - start);
    values.push(value);
    if (hasLoad) load.push(loads[row] as number);
  }
  return {
    metric: column.metric,
    resolution: column.resolution(),
    elapsedMs,
    values,
    load: hasLoad ? load : null,
  };
}

function skippedNote(skipped: ReadonlyMap<string, number>): RecordingNote[] {
  if (skipped.size === 0) return [];
  const parts = [...skipped].map(([reason, count]) => `${count} ${reason}`);
  return [{ concerns: 'note', message: `rows left out: ${parts.join(', ')}` }];
}
