import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recordCells, recordCutter } from './csv-records.js';

/** Rows of a text that arrives in pieces of `size` characters, with the line that each ends on. */
function rowsOf(text: string, size: number, comment?: string): readonly [string[], number][] {
  const rows: [string[], number][] = [];
  const records = recordCutter((record, line) => rows.push([recordCells(record, line), line]), comment);
  for (let at = 0; at < text.length; at += size) records.push(text.slice(at, at + size));
  records.end();
  return rows;
}

test('quotes enclose separators, quotes and line ends, wherever the text is cut', () => {
  const text = 'a,"b"\r\n"1,5","say ""no"""\n\n"two\nlines",""\nlast,';
  for (const size of [1, 3, 100]) {
    expect(rowsOf(text, size)).toEqual([
      [['a', 'b'], 1],
      [['1,5', 'say "no"'], 2],
      [['two\nlines', ''], 5],
      [['last', ''], 6],
    ]);
  }
});

test('a comment may hold any number of quotes', () => {
  expect(rowsOf('# 5" wide\na,b\n', 2, '#')).toEqual([[['a', 'b'], 2]]);
});

test('quotes that make no sense are refused with their line', () => {
  for (const bad of ['a\n"1"00,2\n', 'a\n1,2"\n', 'a\n"1,2\n']) {
    expect(() => rowsOf(bad, 100)).toThrow(/^not readable as CSV: line \d: /);
  }
});

test('whether the text ends with a line end is told', () => {
  const ends = (text: string): boolean => {
    const records = recordCutter(() => undefined);
    records.push(text);
    return records.end();
  };
  expect(['', 'a', 'a\n', 'a\r\n', '"a\n'].map(ends)).toEqual([true, false, true, true, false]);
});

test('any quoted table is read as a CSV parser reads it', () => {
  const cell = fc.stringMatching(/^[ab," \n]{0,4}$/);
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(rows, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), (table, quoted) => {
      const write = (value: string, i: number): string =>
        quoted[i] || /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
      const text = `${table.map((row, r) => row.map((value, c) => write(value, 3 * r + c)).join(',')).join('\n')}\n`;
      expect(rowsOf(text, 5).map(([cells]) => cells)).toEqual(
        parse(text, { relax_column_count: true, skip_empty_lines: true }),
      );
    }),
    { seed: 31, numRuns: 300 },
  );
});
