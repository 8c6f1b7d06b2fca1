import { expect, test } from 'vitest';
import type { Levels } from '../prepare/levels.js';
import { bucketMeans } from './bucket-means.js';
import { bucketFloors } from './floors.js';
import { groupPoints, MAX_POINTS } from './points.js';
import { staircaseRiser } from './staircase.js';
import { confirmedTroughs, zigzagMinima } from './troughs.js';

/** A series at 1 Hz. */
function levelsOf(values: readonly number[]): Levels {
  const column = Float64Array.from(values);
  return { elapsedMs: column.map((_, i) => i * 1000), values: column, lows: column, load: null };
}

const SAWTOOTH = levelsOf(Array.from({ length: 240 }, (_, i) => (i % 20) + (i >= 120 ? 100 : 0)));

test('two days at one hertz become 96 points that lose a spike', () => {
  const values = Array.from({ length: 172_800 }, (_, i) => i / 1000 + (i === 5000 ? 1e9 : 0));
  const points = bucketMeans(levelsOf(values));
  expect(points.values).toHaveLength(MAX_POINTS);
  points.values.forEach((value, i) => {
    expect(Math.abs(value - (points.elapsedMs[i] ?? 0) / 1e6)).toBeLessThan(0.01);
  });
});

test('a bucket is trimmed by a reading at least at each end', () => {
  const points = bucketMeans(levelsOf(Array.from({ length: 480 }, (_, i) => [5, 0, 7, 99, 6][i % 5] ?? 0)));
  expect(points.values.every((value) => value === 6)).toBe(true);
});

test('floors are the lowest readings at their own times', () => {
  const floors = bucketFloors(SAWTOOTH, 12, 0);
  expect([...floors.values]).toEqual([0, 0, 0, 0, 0, 0, 100, 100, 100, 100, 100, 100]);
  expect([...floors.elapsedMs.subarray(0, 3)]).toEqual([0, 20_000, 40_000]);
});

test('a leak that is known does not move the floors to other readings', () => {
  const leaking = levelsOf([...SAWTOOTH.values].map((value, i) => value + 3 * i));
  const floors = bucketFloors(leaking, 12, 3 / 1000);
  expect(floors.elapsedMs).toEqual(bucketFloors(SAWTOOTH, 12, 0).elapsedMs);
});

test('only minima between a fall and a rise are confirmed', () => {
  expect(zigzagMinima(Float64Array.of(0, 5, 1, 2, 6, 0, 1, 9, 3), 3)).toEqual([2, 5]);
  expect(zigzagMinima(Float64Array.of(0, 5, 9), 3)).toEqual([]);
});

test('troughs need six minima over more than half of the series', () => {
  const falling = SAWTOOTH.values.map((value, i) => value - (i >= 120 ? 100 : 0));
  expect(confirmedTroughs(SAWTOOTH, falling)?.values).toHaveLength(11);
  expect(
    confirmedTroughs(levelsOf([...SAWTOOTH.values.subarray(0, 120)]), falling.subarray(0, 120)),
  ).toBeNull();
  expect(confirmedTroughs(SAWTOOTH, new Float64Array(240))).toBeNull();
});

test('points are averaged in groups beyond the limit', () => {
  const points = { elapsedMs: Float64Array.of(0, 1, 2, 3), values: Float64Array.of(1, 3, 5, 9), load: null };
  expect(groupPoints(points, 2)).toEqual({
    elapsedMs: Float64Array.of(0.5, 2.5),
    values: Float64Array.of(2, 7),
    load: null,
  });
  expect(groupPoints(points, 4)).toBe(points);
});

test('the riser of a staircase is its usual step, and a spike is no riser', () => {
  const stairs = (height: number) => Array.from({ length: 120 }, (_, i) => height * Math.floor(i / 20));
  expect(staircaseRiser(levelsOf(stairs(3)))).toBe(3);
  expect(staircaseRiser(levelsOf(stairs(0).map((_, i) => (i === 50 ? 108 : 0))))).toBe(1);
  expect(staircaseRiser(levelsOf(stairs(3).map((value, i) => value + (i % 3))))).toBe(0);
});
