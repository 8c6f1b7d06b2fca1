import { expect, test } from 'vitest';
import { normalNoise } from '../fixtures/noise.js';
import { dominantCycles } from './sinusoid.js';

const u = Float64Array.from({ length: 96 }, (_, i) => i / 95);

test('a sinusoid in noise is found to the nearest eighth of a cycle', () => {
  const noise = normalNoise(2);
  const cycles = dominantCycles(
    u,
    u.map((at) => 3 * Math.cos(2 * Math.PI * 7.25 * at) + noise()),
  );
  expect(cycles).toBeCloseTo(7.25, 9);
});

test('noise alone has no dominant sinusoid, nor has a flat line', () => {
  const noise = normalNoise(3);
  expect(dominantCycles(u, u.map(noise))).toBeNull();
  expect(dominantCycles(u, new Float64Array(96))).toBeNull();
});

test('too few points have none', () => {
  expect(dominantCycles(u.subarray(0, 8), u.subarray(0, 8))).toBeNull();
});
