import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assessGrowth } from './assess.js';
import type { Outcome } from './assessment.js';
import { type Behaviour, BUDGET_PER_MIN, type IntegerSeries, makeSeries } from './fixtures/series.js';

const PAGE = 4096;

/** Series as processes make them, clean and leaking, near the budget and far from it. */
const behaviours: fc.Arbitrary<Behaviour> = fc.record({
  seed: fc.integer({ min: 1, max: 1e6 }),
  samples: fc.constantFrom(60, 120, 240),
  leak: fc.constantFrom(-0.5, 0, 0.5, 0.9, 1.2, 2, 4),
  warmUp: fc.constantFrom(0, 0, 1, 4, -2),
  tooth: fc.constantFrom(0, 0, 1, 3),
  toothPeriod: fc.constantFrom(0.05, 0.11, 0.23, 0.6),
  step: fc.constantFrom(0, 0, 1, 3, -2),
  stepAt: fc.constantFrom(0.2, 0.5, 0.7, 0.9),
  noise: fc.constantFrom(0, 0.03, 0.1, 0.3),
  correlation: fc.constantFrom(0, 0.5, 0.9),
  spikes: fc.constantFrom(0, 0, 0.5),
});

function outcomeOf(series: IntegerSeries, budgetPerMin: number, resolution: number = PAGE): Outcome {
  return assessGrowth({ ...series, resolution }, budgetPerMin).outcome;
}

const RUNS = { numRuns: 100 };

test('scaling values, budget and resolution together changes no outcome', () => {
  fc.assert(
    fc.property(behaviours, fc.constantFrom(1 / 4096, 3, 1000, 2 ** 20, 0.1), (behaviour, scale) => {
      const series = makeSeries(behaviour);
      const scaled = { ...series, values: series.values.map((value) => value * scale) };
      expect(outcomeOf(scaled, BUDGET_PER_MIN * scale, PAGE * scale)).toBe(outcomeOf(series, BUDGET_PER_MIN));
    }),
    { seed: 21, ...RUNS },
  );
});

test('shifting the clock and the level changes no outcome', () => {
  const shifts = fc.tuple(fc.integer({ min: -1e6, max: 1e9 }), fc.integer({ min: -3000, max: 1e6 }));
  fc.assert(
    fc.property(behaviours, shifts, (behaviour, [ms, pages]) => {
      const series = makeSeries(behaviour);
      const moved = {
        elapsedMs: series.elapsedMs.map((at) => at + ms),
        values: series.values.map((value) => value + pages * PAGE),
      };
      expect(outcomeOf(moved, BUDGET_PER_MIN)).toBe(outcomeOf(series, BUDGET_PER_MIN));
    }),
    { seed: 22, ...RUNS },
  );
});

test('a larger budget never turns a pass into a fail', () => {
  fc.assert(
    fc.property(behaviours, fc.double({ min: 1, max: 20, noNaN: true }), (behaviour, factor) => {
      const series = makeSeries(behaviour);
      const [small, large] = [outcomeOf(series, BUDGET_PER_MIN), outcomeOf(series, BUDGET_PER_MIN * factor)];
      expect(`${small} ${large}`).not.toBe('pass fail');
    }),
    { seed: 23, ...RUNS },
  );
});

test('a noiseless leak above the budget on top never turns a fail into a pass', () => {
  fc.assert(
    fc.property(behaviours, fc.double({ min: 1.01, max: 10, noNaN: true }), (behaviour, factor) => {
      const series = makeSeries({ ...behaviour, leak: Math.max(1.2, behaviour.leak) });
      const perMs = (BUDGET_PER_MIN * factor) / 60_000;
      const values = series.values.map((value, i) => value + perMs * (series.elapsedMs[i] ?? 0));
      if (outcomeOf(series, BUDGET_PER_MIN) !== 'fail') return;
      expect(outcomeOf({ ...series, values }, BUDGET_PER_MIN)).not.toBe('pass');
    }),
    { seed: 24, ...RUNS },
  );
});
