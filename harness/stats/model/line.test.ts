import { expect, test } from 'vitest';
import { lineBase } from './line.js';

const u = Float64Array.of(0, 0.25, 0.5, 0.75, 1);

test('the slope of a line is its least-squares slope', () => {
  const base = lineBase(u, []) ?? expect.fail('collinear');
  expect(base.slopeOf(Float64Array.of(1, 3, 2, 5, 4))).toBeCloseTo(3.2, 12);
  expect(base.timeSquares).toBeCloseTo(0.625, 12);
  expect(base.columns).toBe(2);
});

test('residuals are orthogonal to everything in the base', () => {
  const load = Float64Array.of(0.1, -0.2, 0.3, -0.1, -0.1);
  const base = lineBase(u, [load]) ?? expect.fail('collinear');
  const rest = base.residualOf(Float64Array.of(2, 7, 1, 8, 2));
  for (const column of [u, load, u.map(() => 1)]) {
    expect(column.reduce((sum, value, i) => sum + value * (rest[i] ?? 0), 0)).toBeCloseTo(0, 12);
  }
});

test('collinear nuisance is left out instead of dividing by nothing', () => {
  const load = Float64Array.of(1, 0, 2, 0, 1);
  const base = lineBase(u, [load, load.map((value) => 3 * value), u.map(() => 7)]);
  expect(base?.columns).toBe(3);
  expect(base?.slopeOf(u)).toBeCloseTo(1, 12);
});

test('time that only repeats the load has no slope of its own', () => {
  expect(lineBase(u, [u.map((at) => 2 - 3 * at)])).toBeNull();
});
