import { usageError } from '../harness/core/errors.js';
import { type GaugeName, isGauge } from '../harness/core/gauge.js';
import { isPhase, PHASES, type Phase } from '../harness/core/phase.js';
import type { Recording } from '../harness/core/recording.js';
import type { ColumnName } from '../harness/core/sample.js';
import type { Warning } from '../harness/core/warning.js';
import { type ColumnPositions, columnPositions } from './csv-columns.js';
import { type GrowingColumns, growingColumns } from './growing-columns.js';

/** Columns that are not kept as numbers. */
const NOT_NUMBERS: ReadonlySet<ColumnName> = new Set(['timestamp', 'phase', 'elapsed_ms']);

/** Codes of `+ - . E e`, besides digits all that a decimal number holds. */
const DECIMAL_SIGNS: ReadonlySet<number> = new Set([43, 45, 46, 69, 101]);

/** A recording as read from a file, with what was wrong with the file short of refusing it. */
export interface ReadRecording {
  readonly recording: Recording;
  /** The gauges that it has columns of. */
  readonly gauges: readonly GaugeName[];
  readonly warnings: readonly Warning[];
}

/** Takes the records of a CSV one by one. */
export interface CsvRowReader {
  /** The header first, then rows; `line` is the line the record ends on, counted from 1. */
  take(cells: readonly string[], line: number): void;
  /** The recording; the last row is dropped with a warning when it was cut off. */
  finish(endsWithNewline: boolean): ReadRecording;
}

interface Pending {
  readonly cells: readonly string[];
  readonly line: number;
}

/** The rows read so far, in this file and those that came before it in the same recording. */
export interface RecordedRows {
  readonly columns: GrowingColumns;
  readonly gauges: Set<GaugeName>;
  /** Time of the last row. */
  previousMs: number;
  /** The process that the rows are of, and where that was read; null before the first. */
  process: {
    readonly pid: string;
    readonly fileName: string;
    readonly from: number;
    readonly to: number;
  } | null;
}

/** No rows yet. */
export function recordedRows(): RecordedRows {
  return {
    columns: growingColumns(),
    gauges: new Set(),
    previousMs: Number.NEGATIVE_INFINITY,
    process: null,
  };
}

/**
 * Reads the records of one `samples.csv`, or of one part of it behind the `recorded` ones; throws usage errors that
 * name `fileName` and the line.
 */
export function csvRowReader(fileName: string, recorded: RecordedRows = recordedRows()): CsvRowReader {
  let header: readonly string[] | null = null;
  let rows: RowChecker | null = null;
  // One row behind, because only the last one may be cut off, and that is known when no other follows.
  let pending: Pending | null = null;
  const all = (warnings: readonly Warning[]): ReadRecording => ({
    recording: recorded.columns.recording(),
    gauges: [...recorded.gauges],
    warnings,
  });
  return {
    take(cells, line) {
      if (header === null) {
        rows = rowChecker(columnPositions(cells, `${fileName}:${line}`), cells, fileName, recorded);
        header = cells;
        return;
      }
      if (pending !== null) rows?.append(pending);
      pending = { cells, line };
    },
    finish(endsWithNewline) {
      if (header === null || rows === null) {
        throw usageError(`${fileName}: the file is empty: give a samples.csv with its header line`);
      }
      if (pending === null) return all([]);
      if (endsWithNewline && pending.cells.length >= header.length) {
        rows.append(pending);
        return all([]);
      }
      const message = `${fileName}:${pending.line}: the last line is cut off and was left out`;
      const warning: Warning = { id: 'truncated-row', concerns: 'note', message };
      return all([warning]);
    },
  };
}

interface RowChecker {
  append(row: Pending): void;
}

/** Checks each row against the ones before it and appends it to the columns. */
function rowChecker(
  positions: ColumnPositions,
  header: readonly string[],
  fileName: string,
  recorded: RecordedRows,
): RowChecker {
  const numeric = [...positions].filter(([name]) => !NOT_NUMBERS.has(name));
  const { columns, gauges } = recorded;
  columns.layout(numeric.map(([name]) => name));
  for (const [name] of numeric) if (isGauge(name)) gauges.add(name);
  const elapsedAt = positions.get('elapsed_ms') ?? -1;
  const phaseAt = positions.get('phase') ?? -1;
  const pidAt = positions.get('pid');
  const values = new Float64Array(numeric.length);
  return {
    append({ cells, line }) {
      const where = (): string => `${fileName}:${line}`;
      if (cells.length !== header.length) throw wrongLength(cells, header, where());
      const elapsedMs = numberOf(cells[elapsedAt] ?? '', 'elapsed_ms', where);
      const phase = phaseOf(cells[phaseAt] ?? '', where);
      if (Number.isNaN(elapsedMs)) {
        throw usageError(`${where()}: elapsed_ms is empty: each row needs its time, remove the row`);
      }
      if (elapsedMs <= recorded.previousMs) {
        throw usageError(
          `${where()}: time goes back: elapsed_ms ${elapsedMs} after ${recorded.previousMs}: two recordings in one file? Split it at this line`,
        );
      }
      recorded.previousMs = elapsedMs;
      for (let i = 0; i < numeric.length; i++) {
        const [name, at] = numeric[i] as (typeof numeric)[number];
        values[i] = numberOf(cells[at] ?? '', name, where);
      }
      checkPid(pidAt === undefined ? '' : (cells[pidAt] ?? ''), fileName, line, recorded);
      columns.append(elapsedMs, phase, values);
    },
  };
}

function wrongLength(cells: readonly string[], header: readonly string[], where: string): Error {
  if (cells.length === 1) return usageError(`${where}: not a row of samples: "${cells[0]}": remove the line`);
  const problem = cells.length < header.length ? 'too few' : 'too many';
  return usageError(
    `${where}: ${problem} cells, ${cells.length} instead of ${header.length}: repair or remove the line`,
  );
}

function phaseOf(cell: string, where: () => string): Phase {
  if (isPhase(cell)) return cell;
  if (cell === 'phase') throw headerRepeated(where());
  throw usageError(`${where()}: unknown phase "${cell}": known are ${PHASES.join(', ')}`);
}

/** A cell as a number, NaN when it is empty; refuses what is no number, not finite, or (but for gauges) below zero. */
function numberOf(cell: string, column: string, where: () => string): number {
  if (cell === '') return Number.NaN;
  const value = isDecimal(cell) ? Number(cell) : Number.NaN;
  if (value >= 0 && value < Number.POSITIVE_INFINITY) return value;
  if (isGauge(column) && Number.isFinite(value)) return value;
  if (value < 0) throw usageError(`${where()}: ${column} ${cell} is below zero: leave the cell empty`);
  if (cell === column) throw headerRepeated(where());
  throw usageError(
    `${where()}: ${column} "${cell}" is not a finite number: leave a cell empty when it was not read`,
  );
}

/**
 * Whether a text holds only what decimal numbers are written with, so that `Number` cannot take a blank or
 * `0x10` for one. Codes instead of a pattern: a 48-hour file has five million cells.
 */
function isDecimal(cell: string): boolean {
  for (let i = 0; i < cell.length; i++) {
    const code = cell.charCodeAt(i);
    const digit = code >= 48 && code <= 57;
    if (!digit && !DECIMAL_SIGNS.has(code)) return false;
  }
  return true;
}

function headerRepeated(where: string): Error {
  return usageError(
    `${where}: the header line is repeated: two recordings in one file? Split it at this line`,
  );
}

/** Refuses a second process in one recording, naming the rows of both. */
function checkPid(pid: string, fileName: string, line: number, recorded: RecordedRows): void {
  if (pid === '') return;
  const known = recorded.process;
  if (known !== null && known.pid !== pid) {
    const where =
      known.fileName === fileName
        ? `lines ${known.from} to ${known.to} are of pid ${known.pid}: two processes in one file`
        : `${known.fileName} is of pid ${known.pid}: two processes in one recording`;
    throw usageError(`${fileName}:${line}: pid ${pid}, but ${where}, judge them apart`);
  }
  const from = known?.fileName === fileName ? known.from : line;
  recorded.process = { pid, fileName, from, to: line };
}
