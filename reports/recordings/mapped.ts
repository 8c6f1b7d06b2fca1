import { usageError } from '../../harness/core/errors.js';
import type { ForeignRecording } from '../../harness/core/foreign-recording.js';
import type { ColumnMap } from './column-map.js';
import { refuseFarTime } from './likely-units.js';
import { numberOf } from './metric-column.js';
import { type RowCollector, rowCollector } from './rows.js';
import { eachRow, type TakeRow } from './table.js';
import { timeOf } from './timestamps.js';

/** Reads any table with a header by a map of its columns. Usage errors name the line where there is one. */
export function readMapped(text: string, map: ColumnMap): ForeignRecording {
  const collector = rowCollector(map.metrics);
  let header: readonly string[] | null = null;
  let takeRow: TakeRow | null = null;
  eachRow(text, (cells, line) => {
    if (header === null || takeRow === null) {
      header = cells;
      takeRow = rowTaker(cells, map, collector);
    } else if (isSame(cells, header)) {
      throw usageError(`line ${line}: the header is repeated: two runs in one file? Split it at this line`);
    } else takeRow(cells, line);
  });
  if (header === null) throw usageError('the file is empty: it needs a header line and a row per sample');
  return collector.finish();
}

function rowTaker(header: readonly string[], map: ColumnMap, collector: RowCollector): TakeRow {
  const timeAt = positionOf(map.time.column, header, '--time');
  const metricsAt = map.metrics.map(({ column }) => positionOf(column, header, '--map'));
  const loadAt = map.load === null ? null : positionOf(map.load, header, '--load');
  const pidAt = map.pid === null ? null : positionOf(map.pid, header, '--pid');
  let timed = false;
  return (cells, line) => {
    if (cells.length !== header.length) return collector.skip('with more or fewer cells than the header');
    const time = cells[timeAt] ?? '';
    const timeMs = timeOf(time, map.time.unit);
    if (!timed && !Number.isNaN(timeMs)) {
      refuseFarTime(time, timeMs, line, map.time);
      timed = true;
    }
    if (!timed && time !== '') throw noTime(map, time, line);
    collector.add({
      line,
      timeMs,
      cells: metricsAt.map((at) => cells[at] ?? ''),
      load: loadAt === null ? null : numberOf(cells[loadAt] ?? ''),
      pid: pidAt === null ? null : numberOf(cells[pidAt] ?? ''),
    });
  };
}

/** Where a column stands; refuses one that is not there, and one whose name stands there twice. */
function positionOf(column: string, header: readonly string[], option: string): number {
  const at = header.indexOf(column);
  if (at < 0) {
    const known = header.map((name) => `"${name}"`).join(', ');
    throw usageError(`${option}: there is no column "${column}"; the columns are ${known}`);
  }
  if (header.indexOf(column, at + 1) >= 0) {
    throw usageError(`${option}: the column "${column}" stands there twice: rename one of them`);
  }
  return at;
}

function noTime({ time }: ColumnMap, cell: string, line: number): Error {
  const isDate = Number.isFinite(timeOf(cell, 'iso'));
  const wanted = time.unit === 'iso' ? 'a date and time such as 2026-01-31T12:00:00Z' : 'a number';
  const advice = isDate
    ? `write --time ${time.column}:iso`
    : 'name the column of the time with --time COL:unit';
  return usageError(`line ${line}: the column "${time.column}" holds "${cell}", not ${wanted}: ${advice}`);
}

function isSame(cells: readonly string[], header: readonly string[]): boolean {
  return (
    cells[0] === header[0] && cells.length === header.length && cells.every((cell, i) => cell === header[i])
  );
}
