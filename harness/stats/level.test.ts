import { expect, test } from 'vitest';
import { halfWidthOf } from './difference.js';
import { ar1Noise, normalNoise } from './fixtures/noise.js';
import { levelOf } from './level.js';

const SETS = 1500;

/** Share of simulated series whose 90 % interval holds the true median, `truth` at the middle of the series. */
function coverage(length: number, seriesOf: (seed: number) => (i: number) => number, truth: number): number {
  const times = Array.from({ length }, (_, i) => 1000 * i);
  let covered = 0;
  for (let seed = 1; seed <= SETS; seed++) {
    const valueAt = seriesOf(seed);
    const level = levelOf(
      times,
      times.map((_, i) => valueAt(i)),
      1e-6,
    );
    if (level !== null && Math.abs(level.value - truth) <= halfWidthOf(level)) covered++;
  }
  return covered / SETS;
}

test.each([
  [0, 24],
  [0, 100],
  [0.6, 60],
  [0.6, 240],
  [0.9, 240],
])(
  'noise of correlation %d over %d readings: nine intervals in ten hold the level',
  (correlation, length) => {
    const share = coverage(
      length,
      (seed) => {
        const noise = ar1Noise(seed, correlation);
        return () => 50 + noise();
      },
      50,
    );
    expect(share).toBeGreaterThan(0.87);
  },
);

test('a sawtooth whose phase is unknown, as of a raw heap, does not make too sure', () => {
  const share = coverage(
    90,
    (seed) => {
      const noise = normalNoise(seed);
      const offset = 10 * Math.abs(noise());
      return (i) => ((i + offset) % 10) + 0.2 * noise();
    },
    5,
  );
  expect(share).toBeGreaterThan(0.85);
});

test('even growth moves the level and takes nothing from its certainty', () => {
  const noise = normalNoise(1);
  const times = Array.from({ length: 101 }, (_, i) => 1000 * i);
  const values = times.map(() => noise());
  const still = levelOf(times, values, 1e-6);
  const rising = levelOf(
    times,
    values.map((value, i) => value + 10 * i),
    1e-6,
  );
  expect(rising?.value).toBeCloseTo(500, -1);
  expect(rising?.se).toBeCloseTo(still?.se ?? Number.NaN, 9);
  expect(rising?.noise).toBeCloseTo(still?.noise ?? Number.NaN, 9);
});

test('constant readings have no error, yet their noise is no less than their rounding', () => {
  const level = levelOf([0, 1, 2, 3, 4], [7, 7, 7, 7, 7], 1);
  expect(level).toMatchObject({ value: 7, se: 0 });
  expect(level?.noise).toBeCloseTo(Math.sqrt(1 / 12), 12);
});

test('three readings make no level', () => {
  expect(levelOf([0, 1, 2], [1, 2, 3], 1)).toBeNull();
});
