import { recordCells, recordCutter } from '../csv-records.js';

/** Separators that a table may use, the commonest first. */
const SEPARATORS = [',', ';', '\t'];

/** A quote outside of a comment line: it may enclose separators and line ends. */
const QUOTED = /^(?!#)[^\n]*"/m;

/** Takes the cells of a row, blanks around them gone; `line` counts from 1. */
export type TakeRow = (cells: readonly string[], line: number) => void;

/** The lines of a text one after another, without their ends; `take` answers false to stop. */
export function eachLine(text: string, take: (line: string, number: number) => boolean): void {
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (let number = 1; start < text.length; number++) {
    const newline = text.indexOf('\n', start);
    const next = newline < 0 ? text.length : newline;
    const end = next > start && text.charCodeAt(next - 1) === 13 ? next - 1 : next;
    if (!take(text.slice(start, end), number)) return;
    start = next + 1;
  }
}

/** The cells of the header, which is the first line that is neither empty nor a comment; empty without one. */
export function headerCells(text: string): readonly string[] {
  let header: readonly string[] = [];
  eachLine(text, (line) => {
    if (isBlank(line)) return true;
    eachRow(line, (cells) => {
      header = cells;
    });
    return false;
  });
  return header;
}

/**
 * Hands on every row of a table, the header first; lines that are empty or begin with `#` are no rows. The
 * separator is the one that the header has most of. A text without quotes, as samplers write them, is cut at
 * its separators; with quotes a line end may stand inside a cell.
 */
export function eachRow(text: string, take: TakeRow): void {
  const separator = separatorOf(text);
  if (text.includes('"') && QUOTED.test(text)) {
    eachQuotedRow(text, separator, take);
    return;
  }
  eachLine(text, (line, number) => {
    if (!isBlank(line)) take(trimmed(line.split(separator)), number);
    return true;
  });
}

function eachQuotedRow(text: string, separator: string, take: TakeRow): void {
  const records = recordCutter((record, line) => {
    if (!isBlank(record)) take(trimmed(recordCells(record, line, '', separator)), line);
  }, '#');
  records.push(text);
  records.end();
}

function separatorOf(text: string): string {
  let header = '';
  eachLine(text, (line) => {
    header = line;
    return isBlank(line);
  });
  const counts = SEPARATORS.map((separator) => header.split(separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ',';
}

function isBlank(line: string): boolean {
  return line.charCodeAt(0) === 35 || line.trim() === '';
}

function trimmed(cells: string[]): string[] {
  for (let i = 0; i < cells.length; i++) cells[i] = (cells[i] as string).trim();
  return cells;
}
