import { expect, test } from 'vitest';
import { mixComponents } from './posterior.js';

test('one component is Student t around its slope', () => {
  const posterior = mixComponents([{ weight: 1, slope: 3, se: 0.5, degreesOfFreedom: 10 }], 10);
  expect(posterior.slope).toBe(3);
  expect(posterior.halfWidth).toBeCloseTo(1.8125 * 0.5, 3);
  expect(posterior.sd).toBeCloseTo(0.5 * Math.sqrt(10 / 8), 12);
  expect(posterior.exceeds(3)).toBe(0.5);
  expect(posterior.exceeds(3 + 1.8125 * 0.5)).toBeCloseTo(0.05, 4);
});

test('two models that disagree widen the mixture by their distance', () => {
  const [a, b] = [0, 4].map((slope) => ({ weight: 0.5, slope, se: 0.1, degreesOfFreedom: 1e6 }));
  const posterior = mixComponents(
    [a, b].filter((one) => one !== undefined),
    1e6,
  );
  expect(posterior.slope).toBe(2);
  expect(posterior.sd).toBeCloseTo(Math.sqrt(4 + 0.01), 5);
  expect(posterior.exceeds(1)).toBeCloseTo(0.5, 9);
});

test('with one or two degrees of freedom the figures stay finite', () => {
  const posterior = mixComponents([{ weight: 1, slope: 0, se: 1, degreesOfFreedom: 1 }], 1);
  expect(posterior.halfWidth).toBeCloseTo(6.3138, 3);
  expect(posterior.sd).toBeCloseTo(Math.sqrt(6), 9);
});
