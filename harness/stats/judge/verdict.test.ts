import { expect, test } from 'vitest';
import { estimateGrowth } from '../model/estimate.js';
import { UNDECLARED } from '../model/model-set.js';
import { mixComponents } from '../model/posterior.js';
import type { Reduction } from '../reduce/points.js';
import type { Candidate } from './candidates.js';
import { type Judgement, judge } from './verdict.js';

/** A candidate of this slope and standard error, seen in a straight line of 20 points over 20 ms. */
function candidate(reduction: Reduction, slope: number, se: number): Candidate {
  const elapsedMs = Float64Array.from({ length: 20 }, (_, i) => i);
  const values = elapsedMs.map((at) => 100 * slope * at);
  const line = estimateGrowth({ elapsedMs, values, load: null }, { prior: UNDECLARED, riser: 0 });
  if (line === null) return expect.fail('no line');
  const posterior = mixComponents([{ weight: 1, slope, se, degreesOfFreedom: 50 }], 50);
  return { ...line, reduction, posterior, bound: 'both' };
}

function judged(...candidates: [Candidate, ...Candidate[]]): Judgement {
  return judge(candidates, { rate: 1, failProbability: 0.95, passProbability: 0.05 });
}

test('the reduction with the narrowest interval decides', () => {
  const { outcome, decided, guards } = judged(candidate('mean', 5, 3), candidate('floor', 2, 0.1));
  expect([outcome, decided.reduction, guards]).toEqual(['fail', 'floor', []]);
});

test('an interval around the budget is inconclusive without any guard', () => {
  expect(judged(candidate('mean', 1.1, 0.3))).toMatchObject({ outcome: 'inconclusive', guards: [] });
});

test('no pass whose own interval reaches above the budget', () => {
  const level = candidate('mean', 0, 0.1);
  const settled = { weight: 0.96, slope: 0.9, se: 0.03, degreesOfFreedom: 50 };
  const falling = { weight: 0.04, slope: -5, se: 1, degreesOfFreedom: 50 };
  const posterior = mixComponents([settled, falling], 50);
  expect(posterior.exceeds(1)).toBeLessThan(0.01);
  expect(posterior.slope + posterior.halfWidth).toBeGreaterThan(1);
  expect(judged({ ...level, posterior })).toMatchObject({ outcome: 'inconclusive', guards: [] });
});

test('a sure verdict yields to a reduction that is sure of the opposite', () => {
  const disagree = [{ kind: 'reductions-disagree', reduction: 'trough' }];
  expect(judged(candidate('mean', 2, 0.1), candidate('trough', 0.5, 0.15))).toMatchObject({
    outcome: 'inconclusive',
    guards: disagree,
  });
  expect(judged(candidate('mean', 0, 0.1), candidate('trough', 1.5, 0.15))).toMatchObject({
    outcome: 'inconclusive',
    guards: disagree,
  });
});

test('a sure verdict does not yield to one that only leans, a marginal one does', () => {
  const leaning = candidate('trough', 0.8, 0.3);
  expect(judged(candidate('mean', 2, 0.2), leaning).outcome).toBe('fail');
  expect(judged(candidate('mean', 1.38, 0.2), leaning).outcome).toBe('inconclusive');
  expect(judged(candidate('mean', 1.38, 0.2)).outcome).toBe('fail');
});

test('a reduction whose interval is much wider is not heard', () => {
  expect(judged(candidate('mean', 2, 0.2), candidate('floor', -2, 0.6)).outcome).toBe('fail');
});
