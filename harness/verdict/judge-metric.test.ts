import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Budget } from '../core/budget.js';
import type { Recording } from '../core/recording.js';
import type { MetricVerdict } from '../core/verdict.js';
import { normalNoise } from '../stats/fixtures/noise.js';
import { buildRecording, MIB } from './fixtures/recording-builder.js';
import { judgeMetric } from './judge-metric.js';
import { judgedWindow } from './window.js';

const LIVE_HEAP: Budget = { metric: 'live-heap', growthPerMin: MIB, explicit: false };

function judgeOn(recording: Recording, budget: Budget = LIVE_HEAP): MetricVerdict {
  return judgeMetric(recording, budget, judgedWindow(recording), 'full');
}

/** A recording whose live heap is a line with noise. */
function growing(perMin: number, noiseBytes = 0, seed = 1): Recording {
  const noise = normalNoise(seed);
  return buildRecording({
    columns: { live_heap_bytes: (t) => 30 * MIB + perMin * t + noiseBytes * noise() },
  });
}

test('growth far above the budget fails and says by how much, and what could have been seen', () => {
  const verdict = judgeOn(growing(72.3 * MIB, 0.3 * MIB));
  expect(verdict).toMatchObject({ verdict: 'fail', decides: true, samples: 36, windowMs: [19_000, 54_000] });
  expect(verdict.reason).toMatchInlineSnapshot(
    `"live heap rises 72.5 ± 0.5 MiB/min, budget 1 MiB/min (this run could see ≥ 1.88 MiB/min)"`,
  );
});

test('a flat metric passes and is called flat', () => {
  const verdict = judgeOn(growing(0, 0.1 * MIB));
  expect(verdict.verdict).toBe('pass');
  expect(verdict.reason).toMatchInlineSnapshot(
    `"live heap is flat: 0.05 ± 0.16 MiB/min, budget 1 MiB/min (this run could see ≥ 1.29 MiB/min)"`,
  );
});

test('growth below the budget passes and is not called flat', () => {
  expect(judgeOn(growing(0.3 * MIB)).reason).toMatchInlineSnapshot(
    `"live heap rises within its budget: 0.3 ± 0 MiB/min, budget 1 MiB/min (this run could see ≥ 1 MiB/min)"`,
  );
});

test('a falling metric passes', () => {
  expect(judgeOn(growing(-5 * MIB))).toMatchObject({ verdict: 'pass' });
});

test('noise that hides the budget is inconclusive and says what to do', () => {
  const verdict = judgeOn(growing(MIB, 3 * MIB));
  expect(verdict.verdict).toBe('inconclusive');
  expect(verdict.reason).toMatchInlineSnapshot(
    `"live heap grows 2.51 ± 4.92 MiB/min, too uncertain for its budget 1 MiB/min (this run could see ≥ 9.77 MiB/min): run longer or sample faster (--duration, --sample-every)"`,
  );
});

test('fewer than 8 readings give no figures', () => {
  const recording = buildRecording({
    columns: { live_heap_bytes: (_, row) => (row % 6 === 0 ? row * MIB : null) },
  });
  const verdict = judgeOn(recording);
  expect(verdict).toMatchObject({ verdict: 'inconclusive', samples: 6, growthPerMin: null, pExceeds: null });
  expect(verdict.reason).toMatchInlineSnapshot(
    `"live heap has only 6 readings in the judged window; a pass needs 20: run longer or sample faster (--duration, --sample-every)"`,
  );
});

test('8 readings may fail but never pass', () => {
  const every = (perMin: number): Recording =>
    buildRecording({
      columns: { live_heap_bytes: (t, row) => (row % 4 === 0 ? 30 * MIB + perMin * t : null) },
    });
  expect(judgeOn(every(50 * MIB))).toMatchObject({ verdict: 'fail', samples: 9 });
  const flat = judgeOn(every(0));
  expect(flat.verdict).toBe('inconclusive');
  expect(flat.reason).toMatchInlineSnapshot(
    `"live heap grew 0 ± 0 MiB/min, budget 1 MiB/min, with only 9 readings in the judged window; a pass needs 20: run longer or sample faster (--duration, --sample-every)"`,
  );
});

test('external memory is read only right after a collection when collections were forced', () => {
  const recording = buildRecording({
    columns: {
      live_heap_bytes: (_, row) => (row % 2 === 0 ? 30 * MIB : null),
      external_bytes: (t, row) => (row % 2 === 0 ? 2 * MIB : 500 * MIB * t),
    },
  });
  const verdict = judgeOn(recording, { metric: 'external', growthPerMin: MIB, explicit: true });
  expect(verdict).toMatchObject({ growthPerMin: 0, samples: 18 });
});

test('without forced collections external memory is read in every row', () => {
  const recording = buildRecording({ columns: { live_heap_bytes: () => null } });
  expect(judgeOn(recording, { metric: 'external', growthPerMin: MIB, explicit: true }).samples).toBe(36);
});

test('the floor of a count knows that a descriptor cannot be split', () => {
  const verdict = judgeOn(buildRecording(), { metric: 'fds', growthPerMin: 1, explicit: false });
  expect(verdict).toMatchObject({ verdict: 'pass', growthPerMin: 0, halfWidthPerMin: 0 });
  expect(verdict.detectionFloorPerMin).toBeCloseTo(1 + (2.93 * 0.408) / (35 / 60), 1);
});

test('growth per operation divides by what was offered in the window', () => {
  expect(judgeOn(growing(6000 * 100)).growthPerOp).toBeCloseTo(100, 6);
  const idle = buildRecording({ columns: { offered: () => null } });
  expect(judgeOn(idle).growthPerOp).toBeNull();
});

test('levels span the whole run, after-warm-up starts the window', () => {
  const recording = buildRecording({
    columns: { fds: (_, row) => (row === 30 ? 99 : 20 + (row > 5 ? 2 : 0)) },
  });
  const { levels } = judgeOn(recording, { metric: 'fds', growthPerMin: 1, explicit: false });
  expect(levels).toEqual({ baseline: 20, afterWarmUp: 22, peak: 99, finalIncrease: 2 });
});

test('a line above its budget fails and more budget never turns a pass into a fail', () => {
  const order = { fail: 0, inconclusive: 1, pass: 2 } as const;
  fc.assert(
    fc.property(
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.double({ min: 0, max: 2, noNaN: true }),
      fc.double({ min: 0.1, max: 4, noNaN: true }),
      fc.double({ min: 1, max: 4, noNaN: true }),
      fc.integer({ min: 1, max: 1000 }),
      (growth, noise, budget, more, seed) => {
        const recording = growing(growth * MIB, noise * MIB, seed);
        const at = (perMin: number) =>
          judgeOn(recording, { ...LIVE_HEAP, growthPerMin: perMin * MIB }).verdict;
        expect(order[at(budget * more)]).toBeGreaterThanOrEqual(order[at(budget)]);
        expect(
          judgeOn(growing(1.05 * budget * MIB), { ...LIVE_HEAP, growthPerMin: budget * MIB }).verdict,
        ).toBe('fail');
      },
    ),
    { seed: 5, numRuns: 100 },
  );
});

test('on seeded noise without growth no run in 400 fails and few are inconclusive', () => {
  const verdicts = Array.from({ length: 400 }, (_, seed) => judgeOn(growing(0, 0.15 * MIB, seed)).verdict);
  expect(verdicts.filter((verdict) => verdict === 'fail')).toHaveLength(0);
  expect(verdicts.filter((verdict) => verdict === 'pass').length).toBeGreaterThan(390);
});

test('growth at the detection floor is failed about nine times in ten', () => {
  const floors = Array.from(
    { length: 40 },
    (_, seed) => judgeOn(growing(0, 0.5 * MIB, seed)).detectionFloorPerMin ?? 0,
  );
  const floor = floors.reduce((sum, value) => sum + value, 0) / floors.length;
  const failed = Array.from(
    { length: 300 },
    (_, seed) => judgeOn(growing(floor, 0.5 * MIB, 100 + seed)).verdict,
  );
  const share = failed.filter((verdict) => verdict === 'fail').length / failed.length;
  expect(share).toBeGreaterThan(0.8);
});
