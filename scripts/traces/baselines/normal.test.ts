import { expect, test } from 'vitest';
import { normalCdf } from './normal.js';

test('the normal distribution has its tabulated values', () => {
  expect(normalCdf(0)).toBeCloseTo(0.5, 7);
  expect(normalCdf(1.96)).toBeCloseTo(0.9750021, 6);
  expect(normalCdf(-1)).toBeCloseTo(0.1586553, 6);
  expect(normalCdf(-6) / 9.865876e-10).toBeCloseTo(1, 5);
  expect(normalCdf(1.6448536269514722)).toBeCloseTo(0.95, 7);
});

test('far tails are 0 and 1, not NaN', () => {
  expect([Number.NEGATIVE_INFINITY, -1e9, 1e9, Number.POSITIVE_INFINITY].map(normalCdf)).toEqual([
    0, 0, 1, 1,
  ]);
});
