/**
 * pidstat of sysstat: `pidstat -r -v -h -p PID 1` writes a header that begins with `# Time` over lines of
 * everything it reads; without `-h` each kind of figures has a block with a header of its own. Memory is in KiB,
 * with `--human` in rounded `53.0M`; the time is a clock without a date, with AM and PM in some locales, or epoch
 * seconds.
 */
import { usageError } from '../../harness/core/errors.js';
import type { ForeignRecording, RecordingNote } from '../../harness/core/foreign-recording.js';
import { numberOf, type RowMetric } from './metric-column.js';
import { rowCollector } from './rows.js';
import { eachLine } from './table.js';

const HEADER = /^(?:#\s*Time|\d\d:\d\d:\d\d(?: [AP]M)?|\d{9,})\s+(?:UID|USER)\s+PID\s+(.*\S)\s+Command\s*$/;

/** Time, user, pid; then the columns of the header. */
const ROW = /^\s*(\d{9,}|\d\d:\d\d:\d\d(?: [AP]M)?)\s+(\S+)\s+(\d+)\s+(.*)$/;

const METRIC_COLUMNS: readonly RowMetric[] = [
  { metric: 'rss', column: 'RSS', scale: 1024 },
  { metric: 'fds', column: 'fd-nr', scale: 1 },
  { metric: 'threads', column: 'threads', scale: 1 },
];

const DAY_MS = 86_400_000;

/** KiB per suffix of `--human`. */
const HUMAN: Readonly<Record<string, number>> = { B: 1 / 1024, k: 1, M: 1024, G: 2 ** 20, T: 2 ** 30 };

const ROUNDED: RecordingNote = {
  concerns: 'note',
  message: 'figures were rounded by --human: record without it to see smaller growth',
};

/** Whether a line is a header over memory, descriptors or threads. */
export function isPidstatHeader(line: string): boolean {
  const columns = HEADER.exec(line)?.[1]?.split(/\s+/) ?? [];
  return METRIC_COLUMNS.some(({ column }) => columns.includes(column));
}

interface PidstatRow {
  readonly line: number;
  readonly timeMs: number;
  readonly pid: number;
  /** Cells by metric, in the order of the metrics collected. */
  readonly cells: string[];
}

/** Reads what pidstat wrote of one process. */
export function readPidstat(text: string): ForeignRecording {
  const metrics = METRIC_COLUMNS.filter(({ column }) => hasColumn(text, column));
  const collector = rowCollector(metrics);
  const clock = unwrappedClock();
  let columns: readonly string[] = [];
  let pending: PidstatRow | null = null;
  let coarsestBytes = 0;
  const flush = (): void => {
    if (pending !== null) collector.add({ ...pending, load: null });
  };
  eachLine(text, (line, number) => {
    const header = HEADER.exec(line);
    if (header !== null) columns = header[1]?.split(/\s+/) ?? [];
    const match = header === null ? ROW.exec(line) : null;
    if (match === null) return true;
    const [, time = '', , pidText = '', rest = ''] = match;
    const figures = rest.split(/\s+/);
    const [timeMs, pid] = [clock(time), Number(pidText)];
    if (pending !== null && pending.timeMs === timeMs && pending.pid !== pid) {
      throw usageError(
        `line ${number}: pids ${pending.pid} and ${pid} at one time: record one with pidstat -p PID`,
      );
    }
    if (pending === null || pending.timeMs !== timeMs) {
      flush();
      pending = { line: number, timeMs, pid, cells: metrics.map(() => '') };
    }
    for (let i = 0; i < metrics.length; i++) {
      const cell = figures[columns.indexOf(metrics[i]?.column ?? '')];
      if (cell === undefined) continue;
      coarsestBytes = Math.max(coarsestBytes, roundedToBytes(cell));
      pending.cells[i] = plainNumber(cell);
    }
    return true;
  });
  flush();
  const recording = collector.finish();
  return coarsestBytes > 0 ? coarsened(recording, coarsestBytes) : recording;
}

function hasColumn(text: string, column: string): boolean {
  let found = false;
  eachLine(text, (line) => {
    found = HEADER.exec(line)?.[1]?.split(/\s+/).includes(column) === true;
    return !found;
  });
  return found;
}

/** The step of a figure that `--human` shortened to one decimal; 0 for one that was not. */
function roundedToBytes(cell: string): number {
  return 0.1 * 1024 * (HUMAN[cell.at(-1) ?? ''] ?? 0);
}

function coarsened(recording: ForeignRecording, stepBytes: number): ForeignRecording {
  const series = recording.series.map((one) =>
    one.metric === 'rss' ? { ...one, resolution: Math.max(one.resolution, stepBytes) } : one,
  );
  return { ...recording, series, notes: [...recording.notes, ROUNDED] };
}

/** `13.6G` in KiB as a plain number; what has no known suffix as it stands. */
function plainNumber(cell: string): string {
  const scale = HUMAN[cell.at(-1) ?? ''];
  return scale === undefined ? cell : String(numberOf(cell.slice(0, -1)) * scale);
}

/** Milliseconds from a clock or epoch seconds; a clock that falls by half a day has passed midnight. */
function unwrappedClock(): (time: string) => number {
  let days = 0;
  let previous = Number.NEGATIVE_INFINITY;
  return (time) => {
    if (!time.includes(':')) return Number(time) * 1000;
    const [hours = 0, minutes = 0, seconds = 0] = time.slice(0, 8).split(':').map(Number);
    const hour = /[AP]M$/.test(time) ? (hours % 12) + (time.endsWith('PM') ? 12 : 0) : hours;
    const ofDay = ((hour * 60 + minutes) * 60 + seconds) * 1000;
    if (ofDay < previous - DAY_MS / 2) days++;
    previous = ofDay;
    return days * DAY_MS + ofDay;
  };
}
