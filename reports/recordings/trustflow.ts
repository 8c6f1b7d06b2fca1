/**
 * The CSV of trustflow-node-monitoring.sh: 15 columns in its first form, more in later ones, a row every 30 s.
 * Memory in MiB with two decimals, whatever `mb` says; several columns are not what their names promise.
 */
import type { ForeignRecording, RecordingNote } from '../../harness/core/foreign-recording.js';
import type { ColumnMap } from './column-map.js';
import { readMapped } from './mapped.js';
import type { RowMetric } from './metric-column.js';
import { eachRow } from './table.js';

const METRIC_COLUMNS: readonly RowMetric[] = [
  { metric: 'rss', column: 'rss_mb', scale: 2 ** 20 },
  { metric: 'fds', column: 'file_descriptors', scale: 1 },
  { metric: 'threads', column: 'threads', scale: 1 },
  { metric: 'heap-used', column: 'heap_inuse_mb', scale: 2 ** 20 },
];

/** Whether these are columns of the script, in any of its forms. */
export function isTrustflow(columns: readonly string[]): boolean {
  return ['timestamp', 'pid', 'rss_mb', 'file_descriptors'].every((column) => columns.includes(column));
}

/** Reads the script's CSV; what its columns hide is in the notes. */
export function readTrustflow(text: string, columns: readonly string[]): ForeignRecording {
  const map: ColumnMap = {
    time: { column: 'timestamp', unit: 'iso' },
    metrics: METRIC_COLUMNS.filter(({ column }) => columns.includes(column)),
    load: null,
    pid: 'pid',
  };
  const recording = readMapped(text, map);
  return { ...recording, notes: [...recording.notes, ...caveats(text)] };
}

function caveats(text: string): RecordingNote[] {
  const { zeros, goroutinesAreThreads } = suspectColumns(text);
  const messages = [
    'timestamps are local time without a zone: where clocks change, an hour is missing or stands twice',
    'not judged: tcp_connections counts listening sockets only, cpu_percent is a lifetime average',
    ...(zeros.length > 0 ? [`0 in every row, so no readings: ${zeros.join(', ')}`] : []),
    ...(goroutinesAreThreads
      ? [
          'goroutines equals threads in every row: the script falls back to threads when pprof does not answer',
        ]
      : []),
  ];
  return messages.map((message) => ({ concerns: 'note', message }));
}

/** Columns that are 0 throughout, and whether the goroutine count was ever more than the threads. */
function suspectColumns(text: string): { zeros: readonly string[]; goroutinesAreThreads: boolean } {
  let header: readonly string[] | null = null;
  let zeros: readonly string[] = [];
  let rows = 0;
  let equalRows = 0;
  eachRow(text, (cells) => {
    if (header === null) {
      header = cells;
      zeros = cells;
      return;
    }
    const { length } = header;
    if (cells.length !== length) return;
    const [goroutinesAt, threadsAt] = [header.indexOf('goroutines'), header.indexOf('threads')];
    const at = (column: string): string => cells[(header ?? []).indexOf(column)] ?? '';
    zeros = zeros.filter((column) => Number(at(column)) === 0);
    rows++;
    if (goroutinesAt >= 0 && cells[goroutinesAt] === cells[threadsAt]) equalRows++;
  });
  return rows === 0
    ? { zeros: [], goroutinesAreThreads: false }
    : { zeros, goroutinesAreThreads: equalRows === rows };
}
