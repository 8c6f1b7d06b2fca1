import { expect, test } from 'vitest';
import { studentCdf, studentQuantile } from './student-t.js';

test('quantiles agree with the printed tables', () => {
  const table: readonly (readonly [number, number, number])[] = [
    [0.95, 1, 6.3138],
    [0.95, 2, 2.92],
    [0.975, 5, 2.5706],
    [0.95, 10, 1.8125],
    [0.99, 30, 2.4573],
    [0.95, 1e6, 1.6449],
  ];
  for (const [probability, df, t] of table) expect(studentQuantile(probability, df)).toBeCloseTo(t, 3);
});

test('one degree of freedom is the Cauchy distribution, whatever the sign', () => {
  expect(studentCdf(1, 1)).toBeCloseTo(0.75, 9);
  expect(studentCdf(-1, 1)).toBeCloseTo(0.25, 9);
  expect(studentCdf(0, 3.7)).toBe(0.5);
});

test('fractional degrees of freedom lie between their neighbours', () => {
  const [three, between, four] = [3, 3.5, 4].map((df) => studentCdf(1.5, df)) as [number, number, number];
  expect(between).toBeGreaterThan(three);
  expect(between).toBeLessThan(four);
});

test('far tails are 0 and 1, and the quantile is antisymmetric', () => {
  expect([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY].map((t) => studentCdf(t, 5))).toEqual([0, 1]);
  expect(studentCdf(1e8, 5)).toBeCloseTo(1, 12);
  expect(studentQuantile(0.05, 7)).toBeCloseTo(-studentQuantile(0.95, 7), 12);
});
