import { describe, expect, test } from 'vitest';
import { assessGrowth } from './assess.js';
import type { Assessment, AssessOptions, GrowthReadings, MeasuredGrowth } from './assessment.js';
import { normalNoise } from './fixtures/noise.js';
import { type Behaviour, BUDGET_PER_MIN, makeSeries } from './fixtures/series.js';

function assess(
  behaviour: Partial<Behaviour>,
  change: Partial<GrowthReadings> = {},
  options: AssessOptions = {},
): Assessment {
  return assessGrowth({ ...makeSeries(behaviour), resolution: 4096, ...change }, BUDGET_PER_MIN, options);
}

function measured(assessment: Assessment): MeasuredGrowth {
  return assessment.state === 'measured' ? assessment : expect.fail(assessment.reason.kind);
}

test('a flat series passes and a leak of three budgets fails, with intervals that hold the truth', () => {
  const flat = measured(assess({}));
  expect(flat).toMatchObject({ outcome: 'pass', samples: 120, windowMs: [0, 119_000], guards: [] });
  expect(Math.abs(flat.growthPerMin)).toBeLessThan(flat.halfWidthPerMin);
  const leak = measured(assess({ leak: 3 }));
  expect(leak).toMatchObject({ outcome: 'fail', model: 'linear', sinceMs: null });
  expect(Math.abs(leak.growthPerMin - 3 * BUDGET_PER_MIN)).toBeLessThan(leak.halfWidthPerMin);
});

test('a warm-up, a step and a sawtooth without leak pass; with a leak they fail', () => {
  for (const shape of [{ warmUp: 3 }, { step: 2 }, { tooth: 2 }, { spikes: 0.5 }]) {
    expect(assess({ samples: 300, ...shape }).outcome).toBe('pass');
    expect(assess({ samples: 300, leak: 2.5, ...shape }).outcome).toBe('fail');
  }
});

describe('in cycles of load', () => {
  const noise = normalNoise(5);
  const on = (sec: number): boolean => sec % 30 < 24;
  const loadedSec = (sec: number): number => 24 * Math.floor(sec / 30) + Math.min(24, sec % 30);

  function cycled(mib: (sec: number) => number, budget = BUDGET_PER_MIN): MeasuredGrowth {
    const seconds = Array.from({ length: 144 }, (_, i) => i);
    const values = seconds.map((sec) => 4096 * Math.round(256 * (100 + mib(sec) + 0.05 * noise())));
    const load = seconds.map((sec) => (on(sec) ? 1 : 0));
    return measured(
      assessGrowth({ elapsedMs: seconds.map((sec) => 1000 * sec), values, load, resolution: 4096 }, budget),
    );
  }

  test('growth is told per minute of load, and a leaking Map between the doublings of its table', () => {
    const doublings = [16, 32, 64, 115];
    const table = (sec: number): number =>
      doublings.reduce((sum, at, k) => sum + (sec >= at ? 2 ** k : 0), 0);
    for (const held of [() => 0, table]) {
      const found = cycled((sec) => loadedSec(sec) / 3 + held(loadedSec(sec)), 3 * BUDGET_PER_MIN);
      expect(found.outcome).toBe('fail');
      expect(found.growthPerMin / 2 ** 20).toBeCloseTo(20, 0);
      expect(found.halfWidthPerMin / 2 ** 20).toBeLessThan(1);
    }
  });

  test('a leak by the clock shows in the drains as well, and what only moves with the load is none', () => {
    const byClock = cycled((sec) => sec / 15);
    expect(byClock.outcome).toBe('fail');
    expect(byClock.growthPerMin / 2 ** 20).toBeGreaterThan(4);
    expect(cycled((sec) => (on(sec) ? 0 : (sec % 30) - 24)).outcome).toBe('pass');
    expect(cycled((sec) => (on(sec) ? 20 : 0)).outcome).toBe('pass');
  });

  test('growth in the drains alone is growth', () => {
    expect(cycled((sec) => 4 * Math.floor((sec + 6) / 30)).outcome).toBe('fail');
  });
});

test('a leak that begins in mid-run is dated', () => {
  const { elapsedMs, values } = makeSeries({ samples: 300 });
  const late = values.map((value, i) => value + Math.max(0, i - 150) * 4096 * 20);
  const found = measured(assessGrowth({ elapsedMs, values: late, resolution: 4096 }, BUDGET_PER_MIN));
  expect(found).toMatchObject({ outcome: 'fail', model: 'hinge' });
  expect(found.sinceMs).toBeGreaterThan(145_000);
  expect(found.sinceMs).toBeLessThan(155_000);
});

test('a bend shortly before the end is not passed', () => {
  const { elapsedMs, values } = makeSeries({ samples: 300 });
  const late = values.map((value, i) => value + Math.max(0, i - 270) * 4096 * 20);
  const found = measured(assessGrowth({ elapsedMs, values: late, resolution: 4096 }, BUDGET_PER_MIN));
  expect(found).toMatchObject({ outcome: 'inconclusive', guards: [{ kind: 'recent-rise' }] });
});

test('growth that was released again is not a leak', () => {
  const series = makeSeries({ samples: 300, leak: 4 });
  const values = series.values.map((value, i) => value - (i >= 200 ? 300 * 4096 * 10 : 0));
  const found = assessGrowth({ ...series, values, resolution: 4096 }, BUDGET_PER_MIN);
  expect(found.outcome).not.toBe('fail');
});

test('one late release neither excuses a leak nor holds up a series that is flat beside it', () => {
  for (const at of [45, 63, 76, 85]) {
    const released = (leak: number): Assessment => {
      const { elapsedMs, values } = makeSeries({ samples: 90, leak });
      const fallen = values.map((value, i) => value - (i >= at ? 3 * BUDGET_PER_MIN : 0));
      return assessGrowth({ elapsedMs, values: fallen, resolution: 4096 }, BUDGET_PER_MIN);
    };
    expect(released(0).outcome).toBe('pass');
    expect(released(4)).toMatchObject({ outcome: 'inconclusive' });
  }
});

test('constant readings pass, unless the budget is less than a step of the source', () => {
  const readings = (count: number): GrowthReadings => ({
    elapsedMs: Array.from({ length: count }, (_, i) => i * 1000),
    values: Array.from({ length: count }, () => 22),
    resolution: 1,
  });
  expect(assessGrowth(readings(60), 10)).toMatchObject({
    outcome: 'pass',
    model: 'constant',
    growthPerMin: 0,
  });
  expect(assessGrowth(readings(60), 0.1).outcome).toBe('inconclusive');
});

test('one burst of descriptors in a constant count is no reason for doubt', () => {
  const values = Array.from({ length: 120 }, (_, i) => (i === 50 ? 130 : 22));
  const found = assessGrowth({ elapsedMs: values.map((_, i) => i * 1000), values, resolution: 1 }, 10);
  expect(found.outcome).toBe('pass');
});

test('a budget or a resolution that is no positive number is refused', () => {
  for (const budget of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => assessGrowth({ ...makeSeries({}), resolution: 1 }, budget)).toThrow(RangeError);
    expect(() => assessGrowth({ ...makeSeries({}), resolution: budget }, 1)).toThrow(RangeError);
  }
});

test('what cannot be judged says why', () => {
  expect(assess({ samples: 19 })).toMatchObject({
    outcome: 'inconclusive',
    reason: { kind: 'too-few-samples', samples: 19, needed: 20 },
  });
  expect(assess({ samples: 0 })).toMatchObject({ windowMs: null, reason: { kind: 'too-few-samples' } });
  expect(assess({}, {}, { warmUpEndMs: 110_000 })).toMatchObject({
    reason: { kind: 'within-warm-up', warmUpEndMs: 110_000 },
  });
  expect(assess({}, {}, { cleanupPeriodMs: 60_000 })).toMatchObject({
    reason: { kind: 'too-few-cleanups', needed: 3 },
  });
  expect(assess({}, { load: makeSeries({}).elapsedMs })).toMatchObject({
    reason: { kind: 'load-follows-time' },
  });
  expect(assess({}, { elapsedMs: new Array(120).fill(5) })).toMatchObject({
    reason: { kind: 'too-few-samples', samples: 1 },
  });
});

test('few readings may fail when the caller allows it, but never pass', () => {
  const few = { minFailSamples: 8 };
  expect(assess({ samples: 12, leak: 40 }, {}, few).outcome).toBe('fail');
  expect(assess({ samples: 12, noise: 0.01 }, {}, few)).toMatchObject({
    outcome: 'inconclusive',
    guards: [{ kind: 'few-samples', needed: 20 }],
  });
  expect(assess({ samples: 7 }, {}, { minFailSamples: 1 })).toMatchObject({
    reason: { kind: 'too-few-samples', needed: 8 },
  });
});

// Live heap of a target that keeps what it is sent, read at irregular times on a machine that becomes slower (MiB).
const SLOWING: readonly (readonly [number, number])[] = [
  [5.04, 49.4],
  [6, 60.5],
  [6.75, 66],
  [8.5, 78.5],
  [10.75, 92.8],
  [13, 110.8],
  [15.26, 121.6],
  [16, 125.8],
  [18.25, 134.6],
  [19.5, 142],
  [22.05, 155.6],
  [22.51, 160.6],
  [24.25, 171.7],
  [25, 175.1],
  [26.51, 183.2],
  [28.08, 190.8],
  [29.5, 195.8],
  [30.25, 198.6],
  [31.25, 201.4],
  [31.75, 202.2],
  [32.25, 204.6],
  [33.25, 207.8],
  [34.75, 212.4],
  [35.5, 214.5],
  [36.25, 216.3],
  [37, 218.5],
];

test('growth that slows down but goes on is never a fall, and never passes', () => {
  const elapsedMs = SLOWING.map(([seconds]) => 1000 * seconds);
  const values = SLOWING.map(([, mib]) => mib * 2 ** 20);
  const found = measured(assessGrowth({ elapsedMs, values, resolution: 4096 }, 4 * BUDGET_PER_MIN));
  expect(found.outcome).not.toBe('pass');
  expect(found.growthPerMin + found.halfWidthPerMin).toBeGreaterThan(4 * BUDGET_PER_MIN);
  expect(found.growthPerMin).toBeGreaterThanOrEqual(0);
});

test('tighter probabilities only move outcomes to inconclusive', () => {
  const strict = { failProbability: 1 - 1e-12, passProbability: 1e-12 };
  expect(assess({ leak: 1.3, noise: 0.1 }, {}, strict).outcome).toBe('inconclusive');
});
