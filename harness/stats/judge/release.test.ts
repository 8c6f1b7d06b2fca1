import { expect, test } from 'vitest';
import { normalNoise } from '../fixtures/noise.js';
import { type Estimate, estimateGrowth } from '../model/estimate.js';
import { UNDECLARED } from '../model/model-set.js';
import { releaseGuard } from './release.js';

/** 96 points of a level on time 0…1, with a little noise. */
function estimate(level: (u: number) => number): Estimate {
  const noise = normalNoise(8);
  const elapsedMs = Float64Array.from({ length: 96 }, (_, i) => 1000 * i);
  const values = elapsedMs.map((at) => 1000 * level(at / 95_000) + 10 * noise());
  const found = estimateGrowth({ elapsedMs, values, load: null }, { prior: UNDECLARED, riser: 0 });
  return found ?? expect.fail('no estimate');
}

test('a straight leak, and one after a warm-up, speak for themselves', () => {
  expect(releaseGuard(estimate((u) => u))).toBeNull();
  expect(releaseGuard(estimate((u) => u + 3 * (1 - Math.exp(-u / 0.05))))).toBeNull();
});

test('an end below what was seen before is no leak', () => {
  expect(releaseGuard(estimate((u) => (u < 0.6 ? 2 * u : u - 0.6)))).toEqual({ kind: 'no-new-high' });
});

test('neither is a rise after most of the previous one was given back', () => {
  expect(releaseGuard(estimate((u) => (u < 0.5 ? 2 * u : 2.4 * (u - 0.5))))).toEqual({
    kind: 'large-release',
  });
});

test('a warm-up that falls is not held against the leak after it', () => {
  expect(releaseGuard(estimate((u) => u - 3 * (1 - Math.exp(-u / 0.05))))).toBeNull();
});
