import { expect, test } from 'vitest';
import { denseColumn, sparseColumn } from './stored-column.js';

const { NaN: EMPTY } = Number;

test.each([
  ['dense', denseColumn],
  ['sparse', sparseColumn],
])('a %s column holds what was set, and NaN where nothing was', (_, create) => {
  const column = create();
  column.set(1, 10);
  column.set(4, -0.5);
  expect([...column.rows(6)]).toEqual([EMPTY, 10, EMPTY, EMPTY, -0.5, EMPTY]);
  expect([...column.rows(2)]).toEqual([EMPTY, 10]);
});

test.each([
  ['dense', denseColumn],
  ['sparse', sparseColumn],
])('a %s column grows beyond its first capacity, and earlier copies do not change', (_, create) => {
  const column = create();
  column.set(0, 1);
  const before = column.rows(3);
  for (let row = 5_000; row < 20_000; row++) column.set(row, row);
  const after = column.rows(20_001);
  expect([...before]).toEqual([1, EMPTY, EMPTY]);
  expect([after[0], after[4_999], after[5_000], after[19_999], after[20_000]]).toEqual([
    1,
    EMPTY,
    5_000,
    19_999,
    EMPTY,
  ]);
});
