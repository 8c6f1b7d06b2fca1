import { expect, test } from 'vitest';
import { createDesign, type Design } from './design.js';
import { type Fit, fitModels, residualsOf, respond } from './fit.js';
import { UNDECLARED } from './model-set.js';
import type { Atom } from './shapes.js';

const u = Float64Array.from({ length: 21 }, (_, i) => i / 20);
const HINGE: Atom = { kind: 'hinge', parameter: 0.5 };
const STEP: Atom = { kind: 'step', parameter: 0.3 };
const EXP: Atom = { kind: 'exp', parameter: 0.1 };

function designOf(...atoms: Atom[]): Design {
  return createDesign(u, [], atoms, UNDECLARED) ?? expect.fail('collinear');
}

function fitWith(design: Design, values: Float64Array, atoms: number): Fit {
  const fits = fitModels(design, respond(design, values));
  return fits.find(({ heights }) => heights.length === atoms) ?? expect.fail('no such fit');
}

test('a line with a knee and a step is taken apart exactly', () => {
  const design = designOf(HINGE, STEP);
  const values = u.map((at) => 4 + 2 * at + 5 * Math.max(0, at - 0.5) + (at > 0.3 ? 3 : 0));
  const fit = fitWith(design, values, 2);
  expect(fit.heights[0]).toBeCloseTo(5, 9);
  expect(fit.heights[1]).toBeCloseTo(3, 9);
  expect(fit.slope).toBeCloseTo(7, 9);
  expect(fit.squaredError).toBeCloseTo(0, 9);
  const rest = residualsOf(design, respond(design, values), fit);
  expect(Math.max(...rest.map(Math.abs))).toBeLessThan(1e-9);
});

test('a finished warm-up counts nothing towards the terminal slope', () => {
  const fit = fitWith(
    designOf(EXP),
    u.map((at) => 2 * at + 9 * (1 - Math.exp(-at / 0.1))),
    1,
  );
  expect(fit.slope).toBeCloseTo(2, 9);
});

test('a warm-up makes no room for a fall, though its curve is followed', () => {
  const slowing: Atom = { kind: 'exp', parameter: 1.3 };
  const values = u.map((at) => 20 * (1 - Math.exp(-at / 1.3)) - 3 * at);
  const design = designOf(slowing);
  const fit = fitWith(design, values, 1);
  expect(fit.slope).toBe(0);
  expect(fit.rise).toBeCloseTo(-3, 9);
  const falling = fitWith(
    designOf(EXP),
    u.map((at) => -2 * at - 9 * (1 - Math.exp(-at / 0.1))),
    1,
  );
  expect(falling.slope).toBeCloseTo(-2, 9);
});

test('not knowing the height of a warm-up widens the slope as much as the normal equations say', () => {
  const fit = fitWith(designOf(EXP), u, 1);
  const columns = [u.map(() => 1), u, u.map((at) => 1 - Math.exp(-at / 0.1))];
  expect(fit.slopeVariance).toBeCloseTo(inverseOf(columns)[1]?.[1] ?? 0, 9);
});

test('a downward step is never credited to the slope', () => {
  const design = designOf(STEP);
  const fits = fitModels(
    design,
    respond(
      design,
      u.map((at) => 5 * at - (at > 0.3 ? 3 : 0)),
    ),
  );
  expect(fits.map(({ heights }) => heights.length)).toEqual([0]);
});

test('models with collinear atoms are left out', () => {
  const design = designOf(STEP, { kind: 'step', parameter: 0.301 }, HINGE, { kind: 'hinge', parameter: 1 });
  const fits = fitModels(design, respond(design, u));
  expect(fits.some(({ model }) => model.atoms.includes(3 as never))).toBe(false);
  expect(fits.every((fit) => Number.isFinite(fit.slope))).toBe(true);
});

/** Inverse of the Gram matrix by Gauss–Jordan, the plain way. */
function inverseOf(columns: readonly Float64Array[]): number[][] {
  let rows = columns.map((a, i) => [
    ...columns.map((b) => a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0)),
    ...columns.map((_, j) => (i === j ? 1 : 0)),
  ]);
  for (let i = 0; i < columns.length; i++) {
    const pivot = (rows[i] ?? []).map((value) => value / (rows[i]?.[i] ?? 1));
    rows = rows.map((row, j) =>
      j === i ? pivot : row.map((value, k) => value - (row[i] ?? 0) * (pivot[k] ?? 0)),
    );
  }
  return rows.map((row) => row.slice(columns.length));
}
