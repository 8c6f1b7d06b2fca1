import { expect, test } from 'vitest';
import { fixColumns } from './gauge-columns.js';

const many = (count: number): ReadonlyMap<string, number> =>
  new Map(Array.from({ length: count }, (_, i) => [`g${i}`, i]));

test('the first answer fixes the columns; one that has gone is missing, one that is new is told', () => {
  const columns = fixColumns(
    new Map([
      ['a', 1],
      ['b', 2],
    ]),
    { only: [], asked: [] },
    200,
  );
  expect(columns.names).toEqual(['gauge.a', 'gauge.b']);
  const { cells, newcomers } = columns.cells(
    new Map([
      ['b', 3],
      ['c', 4],
    ]),
  );
  expect(cells).toEqual({ 'gauge.b': 3 });
  expect(newcomers).toEqual(['c']);
});

test('at most so many are kept, those that a budget names in any case', () => {
  const columns = fixColumns(many(300), { only: [], asked: ['gauge.g299'] }, 200);
  expect(columns.names).toHaveLength(200);
  expect(columns.names).toContain('gauge.g299');
  expect(columns.leftOut).toBe(100);
  expect(columns.cells(many(300)).newcomers).toEqual([]);
});

test('some can be picked, by the name with its labels or without', () => {
  const answer = new Map([
    ['jobs{queue="a"}', 1],
    ['jobs{queue="b"}', 2],
    ['jobs_done', 3],
    ['asked', 4],
  ]);
  const pick = (only: readonly string[]) => fixColumns(answer, { only, asked: ['gauge.asked'] }, 200).names;
  expect(pick(['jobs'])).toEqual(['gauge.asked', 'gauge.jobs{queue="a"}', 'gauge.jobs{queue="b"}']);
  expect(pick(['jobs{queue="b"}'])).toEqual(['gauge.asked', 'gauge.jobs{queue="b"}']);
});

test('names too long are left out, and control characters never reach a file or a terminal', () => {
  const answer = new Map([
    ['x'.repeat(201), 1],
    ['a\u001b[31m\nb', 2],
  ]);
  const columns = fixColumns(answer, { only: [], asked: [] }, 200);
  expect(columns.names).toEqual(['gauge.a_[31m_b']);
  expect(columns.leftOut).toBe(1);
  expect(columns.cells(answer).cells).toEqual({ 'gauge.a_[31m_b': 2 });
});
