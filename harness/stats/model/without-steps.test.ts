import { expect, test } from 'vitest';
import { normalNoise } from '../fixtures/noise.js';
import { type Estimate, type EstimateOptions, estimateGrowth } from './estimate.js';
import { UNDECLARED } from './model-set.js';
import { growthBesideFall, growthBetweenSteps } from './without-steps.js';

const OPTIONS: EstimateOptions = { prior: UNDECLARED, riser: 0 };

/** 60 points in 60 ms with unit noise around a level. */
function estimateOf(level: (at: number) => number): Estimate {
  const noise = normalNoise(7);
  const elapsedMs = Float64Array.from({ length: 60 }, (_, i) => i);
  const values = elapsedMs.map((at) => level(at) + noise());
  return estimateGrowth({ elapsedMs, values, load: null }, OPTIONS) ?? expect.fail('no estimate');
}

const DOUBLINGS = [6, 13, 27, 55];

/** The table of a Map: each doubling adds what it held. */
function table(at: number): number {
  return DOUBLINGS.reduce((sum, from, k) => sum + (at >= from ? 40 * 2 ** k : 0), 0);
}

test('the growth between the doublings of a table is found where the models cannot hold them all', () => {
  const whole = estimateOf((at) => 20 * at + table(at));
  const between = growthBetweenSteps(whole, OPTIONS) ?? expect.fail('no steps');
  expect(between.posterior.slope).toBeCloseTo(20, 0);
  expect(between.posterior.halfWidth).toBeLessThan(0.5);
  expect(between.posterior.halfWidth).toBeLessThan(whole.posterior.halfWidth);
});

test('noise, a line, a bend and falls leave no step to take out', () => {
  for (const level of [
    () => 0,
    (at: number) => 20 * at,
    (at: number) => 20 * Math.max(0, at - 30),
    (at: number) => -table(at),
  ]) {
    expect(growthBetweenSteps(estimateOf(level), OPTIONS)).toBeNull();
  }
});

test('the growth beside a late fall is found, and no fall where there is none', () => {
  const fallen = estimateOf((at) => 20 * at - (at >= 54 ? 500 : 0));
  const beside = growthBesideFall(fallen, OPTIONS) ?? expect.fail('no fall');
  expect(beside.posterior.slope).toBeCloseTo(20, 0);
  for (const level of [() => 0, (at: number) => 20 * at, (at: number) => -20 * Math.max(0, at - 40), table]) {
    expect(growthBesideFall(estimateOf(level), OPTIONS)).toBeNull();
  }
});
