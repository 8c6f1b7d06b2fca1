import { expect, test } from 'vitest';
import { MAX_POINTS, reduceToPoints } from './buckets.js';

test('a short series comes back reading by reading, in minutes from its first', () => {
  const points = reduceToPoints({ elapsedMs: [30_000, 60_000, 120_000], values: [1, 2, 3] });
  expect(points).toEqual([
    { minutes: 0, value: 1 },
    { minutes: 0.5, value: 2 },
    { minutes: 1.5, value: 3 },
  ]);
});

test('no readings give no points', () => {
  expect(reduceToPoints({ elapsedMs: [], values: [] })).toEqual([]);
});

test('two days at one hertz become at most 200 points that keep a line and lose a spike', () => {
  const elapsedMs = Array.from({ length: 172_800 }, (_, i) => i * 1000);
  const values = elapsedMs.map((ms, i) => ms / 60_000 + (i === 5000 ? 1e9 : 0));
  const points = reduceToPoints({ elapsedMs, values });
  expect(points).toHaveLength(MAX_POINTS);
  for (const { minutes, value } of points) expect(Math.abs(value - minutes)).toBeLessThan(0.02);
});

test('a gap leaves no point and no time stands still', () => {
  const elapsedMs = [...Array(300).keys()].map((i) => (i < 150 ? i : i + 3000) * 1000);
  const points = reduceToPoints({ elapsedMs, values: elapsedMs.map(() => 1) });
  expect(points.length).toBeLessThan(MAX_POINTS);
  expect(points.every((point, i) => i === 0 || point.minutes > (points[i - 1]?.minutes ?? 0))).toBe(true);
});
