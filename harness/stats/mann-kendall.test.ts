import { expect, test } from 'vitest';
import { ar1Noise } from './fixtures/noise.js';
import { hamedRaoFactor } from './hamed-rao.js';
import { kendallVariance, midRanks, tieGroups } from './mann-kendall.js';
import { kendallScore, orderStatistic, pairSlopes } from './pair-slopes.js';

test('the variance of S is n(n-1)(2n+5)/18, less for ties, and 0 when all are equal', () => {
  expect(kendallVariance(10, [])).toBe(125);
  expect(kendallVariance(10, [2, 3])).toBeCloseTo(125 - (2 * 1 * 9 + 3 * 2 * 11) / 18, 10);
  expect(kendallVariance(8, tieGroups(new Array(8).fill(5)))).toBe(0);
});

test('equal values share the mean of their ranks', () => {
  expect(midRanks([30, 10, 20, 10])).toEqual([4, 1.5, 3, 1.5]);
});

test('pair slopes of a hand-computed series have their median and their score', () => {
  const points = [1, 3, 2].map((value, minutes) => ({ minutes, value }));
  const { sorted, median } = pairSlopes(points);
  expect([...sorted]).toEqual([-1, 0.5, 2]);
  expect(median).toBe(0.5);
  expect(kendallScore(sorted, 0)).toBe(1);
  expect(kendallScore(sorted, 0.5)).toBe(0);
  expect(kendallScore(sorted, 3)).toBe(-3);
});

test('order statistics interpolate and stay inside', () => {
  const values = Float64Array.of(1, 2, 4);
  expect([0, 1, 2.5, 3, 9].map((rank) => orderStatistic(values, rank))).toEqual([1, 1, 3, 4, 4]);
});

test('correlated readings widen the variance, independent, alternating and constant ones hardly', () => {
  const factor = (correlation: number): number => {
    const next = ar1Noise(7, correlation);
    return hamedRaoFactor(Array.from({ length: 200 }, next));
  };
  expect(factor(0)).toBeLessThan(1.3);
  expect(factor(0.6)).toBeGreaterThan(2.5);
  expect(factor(0.9)).toBeGreaterThan(7);
  expect(hamedRaoFactor(Array.from({ length: 40 }, (_, i) => i % 2))).toBeGreaterThanOrEqual(1);
  expect(hamedRaoFactor(new Array(40).fill(3))).toBe(1);
});
