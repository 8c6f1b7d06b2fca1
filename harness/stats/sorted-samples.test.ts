import { expect, test } from 'vitest';
import { median, quantile, type SortedSamples, sortSamples, trimmedMean } from './sorted-samples.js';

function sorted(...values: number[]): SortedSamples {
  return sortSamples(values) ?? expect.fail('no values');
}

test('no values have no sorted samples', () => {
  expect(sortSamples([])).toBeNull();
});

test('sorting is numeric and leaves the given values alone', () => {
  const values = [10, 9, 100];
  expect([...sorted(...values)]).toEqual([9, 10, 100]);
  expect(values).toEqual([10, 9, 100]);
});

test('a median of an even number is the mean of the middle two', () => {
  expect(median(sorted(4, 1, 3, 2))).toBe(2.5);
});

test('quantiles are linear between order statistics and end at the extremes', () => {
  const values = sorted(0, 10, 20, 30, 40);
  expect([0, 0.25, 0.3, 1].map((q) => quantile(values, q))).toEqual([0, 10, 12, 40]);
  expect(quantile(sorted(7), 0.9)).toBe(7);
});

test('a trimmed mean leaves out a share at each end but never everything', () => {
  expect(trimmedMean(sorted(1, 2, 3, 4, 1000), 0.2)).toBe(3);
  expect(trimmedMean(sorted(1, 5), 0.5)).toBe(3);
});
