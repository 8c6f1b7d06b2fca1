import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assessGrowth } from './assess.js';
import type { GrowthReadings } from './assessment.js';
import { BUDGET_PER_MIN, makeSeries } from './fixtures/series.js';

/** Outcomes of a clean and of a leaking series after the same damage. */
function outcomes(damage: (series: GrowthReadings) => GrowthReadings): readonly [string, string] {
  const of = (leak: number): string => {
    const series = { ...makeSeries({ samples: 240, leak }), resolution: 4096 };
    return assessGrowth(damage(series), BUDGET_PER_MIN).outcome;
  };
  return [of(0), of(4)];
}

const NEVER_WRONG = { clean: ['pass', 'inconclusive'], leaking: ['fail', 'inconclusive'] };

function expectNeverWrong([clean, leaking]: readonly [string, string]): void {
  expect(NEVER_WRONG.clean).toContain(clean);
  expect(NEVER_WRONG.leaking).toContain(leaking);
}

const DAMAGES: Readonly<Record<string, (series: GrowthReadings) => GrowthReadings>> = {
  'one in forty reads nothing': (s) => ({ ...s, values: Array.from(s.values, (v, i) => (i % 40 ? v : 0)) }),
  'one in thirty reads one page': (s) => ({
    ...s,
    values: Array.from(s.values, (v, i) => (i % 30 ? v : 4096)),
  }),
  'a third is not a number': (s) => ({
    ...s,
    values: Array.from(s.values, (v, i) => (i % 3 ? v : Number.NaN)),
  }),
  'some are infinite or negative': (s) => ({
    ...s,
    values: Array.from(s.values, (v, i) => (i % 7 ? v : i % 2 ? Number.POSITIVE_INFINITY : -v)),
  }),
  'readings repeat': (s) => ({ ...s, values: Array.from(s.values, (_, i) => s.values[i - (i % 3)] ?? 0) }),
  'times repeat': (s) => ({ ...s, elapsedMs: Array.from(s.elapsedMs, (t, i) => (i % 5 ? t : t - 1000)) }),
  'the clock is set back': (s) => ({
    ...s,
    elapsedMs: Array.from(s.elapsedMs, (t, i) => (i < 150 ? t : t - 90_000)),
  }),
  'the clock is set forward an hour': (s) => ({
    ...s,
    elapsedMs: Array.from(s.elapsedMs, (t, i) => (i < 100 ? t : t + 3_600_000)),
  }),
  'there is a gap': (s) => ({
    ...s,
    elapsedMs: Array.from(s.elapsedMs, (t, i) => (i < 100 ? t : t + 20_000)),
  }),
  'two runs are in one file': (s) => ({
    ...s,
    elapsedMs: Array.from(s.elapsedMs, (t, i) => (i < 130 ? t : t - 130_000)),
  }),
};

for (const [name, damage] of Object.entries(DAMAGES)) {
  test(`no wrong verdict when ${name}`, () => {
    const found = outcomes(damage);
    expectNeverWrong(found);
    expect(found).toEqual(['pass', 'fail']);
  });
}

test('a restart in the middle is judged on the longer life', () => {
  const series = { ...makeSeries({ samples: 240, leak: 4 }), resolution: 4096 };
  const pids = series.values.map((_, i) => (i < 90 ? 1 : 2));
  const values = series.values.map((value, i) => value - (i < 90 ? 0 : 80 * 2 ** 20));
  const found = assessGrowth({ ...series, values, pids }, BUDGET_PER_MIN);
  expect(found).toMatchObject({ outcome: 'fail', samples: 150 });
});

test('no readings whatever make it throw or give a figure that is not finite', () => {
  const number = fc.oneof(fc.double(), fc.integer({ min: 0, max: 1000 }), fc.constant(0), fc.constant(7));
  const column = fc.array(number, { maxLength: 60 });
  fc.assert(
    fc.property(column, column, column, column, fc.boolean(), (elapsed, values, load, pids, ordered) => {
      const elapsedMs = ordered ? values.map((_, i) => 1000 * i) : elapsed;
      const found = assessGrowth({ elapsedMs, values, load, pids, resolution: 1 }, 5, { minFailSamples: 8 });
      if (found.state === 'unmeasured') return;
      const figures = [found.growthPerMin, found.halfWidthPerMin, found.sePerMin, found.pExceeds];
      expect(figures.every(Number.isFinite)).toBe(true);
      expect(found.pExceeds).toBeGreaterThanOrEqual(0);
      expect(found.pExceeds).toBeLessThanOrEqual(1);
    }),
    { seed: 11, numRuns: 300 },
  );
});
