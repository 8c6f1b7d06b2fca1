import { isUtf8 } from 'node:buffer';
import { usageError } from '../../harness/core/errors.js';
import type { ForeignRecording } from '../../harness/core/foreign-recording.js';
import type { ColumnMap } from './column-map.js';
import { refuseTinyMemory } from './likely-units.js';
import { readMapped } from './mapped.js';
import { isPidstatHeader, readPidstat } from './pidstat.js';
import { isPsrecordCsv, isPsrecordHeader, readPsrecord, readPsrecordCsv } from './psrecord.js';
import { isSamples, readSamples } from './samples.js';
import { eachLine, headerCells } from './table.js';
import { isTrustflow, readTrustflow } from './trustflow.js';

/** Lines in which the header of a text format must come. */
const HEADER_WITHIN_LINES = 20;

/**
 * Reads a recording of any known format, recognised by its header, or of the columns that `map` names. Its usage
 * errors may leave out the name of the file.
 */
export function readForeign(bytes: Buffer, fileName: string, map: ColumnMap | null): ForeignRecording {
  const text = textOf(bytes);
  if (text.trim() === '') throw usageError('the file is empty: it needs a header line and a row per sample');
  if (map !== null) {
    const recording = readMapped(text, map);
    refuseTinyMemory(recording, map);
    return recording;
  }
  if (isHeadedBy(text, isPsrecordHeader)) return readPsrecord(text);
  if (isHeadedBy(text, isPidstatHeader)) return readPidstat(text);
  const columns = headerCells(text);
  if (isSamples(columns)) return readSamples(text, fileName);
  if (isPsrecordCsv(columns)) return readPsrecordCsv(text);
  if (isTrustflow(columns)) return readTrustflow(text, columns);
  throw unrecognised(columns);
}

function textOf(bytes: Buffer): string {
  if (bytes.includes(0) || !isUtf8(bytes)) {
    throw usageError('not a text file (binary, compressed or not UTF-8): give a CSV, or unpack it first');
  }
  return bytes.toString('utf8');
}

function isHeadedBy(text: string, isHeader: (line: string) => boolean): boolean {
  let found = false;
  eachLine(text, (line, number) => {
    found = isHeader(line);
    return !found && number < HEADER_WITHIN_LINES;
  });
  return found;
}

/** Lists the columns and shows the flags to type, guessing which column is the time. */
function unrecognised(columns: readonly string[]): Error {
  const known = 'samples.csv, psrecord, pidstat and trustflow are recognised';
  const shown = columns.slice(0, 40).map((column) => `"${column.slice(0, 40)}"`);
  const list = `${shown.join(', ')}${columns.length > shown.length ? ', …' : ''}`;
  if (columns.every((cell) => /^[\d.+-]*$/.test(cell))) {
    return usageError(`no header line, the first one is ${list} (${known}): add one that names the columns`);
  }
  const time = columns.find((name) => /time|elapsed|date|^t$|^ts$|^sec/i.test(name)) ?? columns[0] ?? 'TIME';
  const value = columns.find((name) => name !== time && !/pid|load/i.test(name)) ?? 'VALUE';
  return usageError(
    `unknown format with the columns ${list} (${known}): say which is what, e.g. ` +
      `--time ${quoted(`${time}:s`)} --map ${quoted(`rss=${value}:MiB`)}`,
  );
}

/** As a shell takes it for one word. */
function quoted(text: string): string {
  return /^[\w:=.,/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
