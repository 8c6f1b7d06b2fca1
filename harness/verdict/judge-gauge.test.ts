import { expect, test } from 'vitest';
import type { Budget } from '../core/budget.js';
import { buildManifest, buildRecording } from './fixtures/recording-builder.js';
import { judge } from './judge.js';

/** A gauge that is read at every second row only, as one that costs the target something is. */
const everyOther =
  (value: (minutes: number) => number) =>
  (minutes: number, row: number): number | null =>
    row % 2 === 0 ? value(minutes) : null;

function verdictOn(growthPerMin: number, budget: Omit<Budget, 'metric'>, start = 0) {
  const column = everyOther((minutes) => start + growthPerMin * minutes);
  const recording = buildRecording({ seconds: 120, drainFromSec: 115, columns: { 'gauge.jobs': column } });
  const plan = { budgets: [{ metric: 'gauge.jobs' as const, ...budget }] };
  const [judged] = judge(buildManifest({ plan }), recording).metrics;
  return judged;
}

test('a gauge with a budget of the user fails when it outgrows it, in the numbers of the target', () => {
  const judged = verdictOn(600, { growthPerMin: 10, explicit: true });
  expect(judged).toMatchObject({ verdict: 'fail', decides: true, unit: 'number' });
  expect(judged?.growthPerMin).toBeCloseTo(600, -1);
  expect(judged?.reason).toMatch(/^gauge\.jobs rises \d+(\.\d)? ± \S+ \/min, budget 10 \/min/);
});

test('a fraction that stands still passes', () => {
  expect(verdictOn(0, { growthPerMin: 0.1, explicit: true }, 0.25)).toMatchObject({
    verdict: 'pass',
    growthPerMin: 0,
  });
});

test('a gauge never decides by default', () => {
  expect(verdictOn(600, { growthPerMin: 10, explicit: false })).toMatchObject({ decides: false });
});
