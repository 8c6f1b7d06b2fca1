import { expect, test } from 'vitest';
import { type Estimate, estimateGrowth } from '../model/estimate.js';
import { UNDECLARED } from '../model/model-set.js';
import { stillRising } from './still-rising.js';

/** A minute of a level, without noise. */
function seen(level: (u: number) => number): Estimate {
  const elapsedMs = Float64Array.from({ length: 60 }, (_, i) => 1000 * i);
  const points = { elapsedMs, values: elapsedMs.map((at) => level(at / 59_000)), load: null };
  return estimateGrowth(points, { prior: UNDECLARED, riser: 0 }) ?? expect.fail('no estimate');
}

const RATE = 100 / 59_000;
const warmUp = (timeConstant: number) => seen((u) => 10_000 * (1 - Math.exp(-u / timeConstant)));

test('a warm-up that goes on is still rising, one that is over is not', () => {
  expect(warmUp(0.64).model).toBe('exp');
  expect(stillRising(warmUp(0.64), RATE)).toEqual({ kind: 'still-rising' });
  expect(stillRising(warmUp(0.08), RATE)).toBeNull();
});

test('growth within twice the budget, a knee that ended it, and a fall are not', () => {
  expect(
    stillRising(
      seen((u) => 150 * u),
      RATE,
    ),
  ).toBeNull();
  expect(
    stillRising(
      seen((u) => 10_000 * Math.min(u, 0.5)),
      RATE,
    ),
  ).toBeNull();
  expect(
    stillRising(
      seen((u) => -1000 * u),
      RATE,
    ),
  ).toBeNull();
  expect(
    stillRising(
      seen((u) => 300 * u),
      RATE,
    ),
  ).toEqual({ kind: 'still-rising' });
});
