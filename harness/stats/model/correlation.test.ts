import { expect, test } from 'vitest';
import { ar1Noise } from '../fixtures/noise.js';
import { lagOneCorrelation, pointsForVariance, varianceInflation } from './correlation.js';

test('the correction is (rn + p)/(n - p - 2), limited to 0 and 0.95', () => {
  const residuals = Float64Array.of(1, 1, -1, -1, 1, 1, -1, -1, 1, 1);
  expect(lagOneCorrelation(residuals, 2, 0)).toBeCloseTo((0.1 * 10 + 2) / 6, 12);
  expect(lagOneCorrelation(residuals, 8, 0)).toBe(0.95);
  expect(lagOneCorrelation(Float64Array.of(1, -1, 1, -1, 1, -1, 1, -1), 2, 0)).toBe(0);
});

test('mere rounding has no correlation', () => {
  expect(lagOneCorrelation(Float64Array.of(0.1, 0.1, 0.1, -0.1, -0.1, -0.1, 0.1, 0.1), 2, 1)).toBe(0);
});

test('the correlation of a long AR(1) series is found, and widens its variance', () => {
  const next = ar1Noise(5, 0.6);
  const residuals = Float64Array.from({ length: 5000 }, next);
  expect(lagOneCorrelation(residuals, 2, 0)).toBeCloseTo(0.6, 1);
  expect(varianceInflation(0.6)).toBeCloseTo(4, 12);
});

test('correlated noise tells its variance better than its mean', () => {
  expect(pointsForVariance(100, 0)).toBe(100);
  expect(pointsForVariance(100, 0.6)).toBeCloseTo(47.06, 2);
  for (const correlation of [0.2, 0.6, 0.9]) {
    expect(pointsForVariance(100, correlation)).toBeGreaterThan(100 / varianceInflation(correlation));
  }
});
