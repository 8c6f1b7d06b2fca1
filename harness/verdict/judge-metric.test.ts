import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Budget } from '../core/budget.js';
import type { Recording } from '../core/recording.js';
import type { MetricVerdict } from '../core/verdict.js';
import { normalNoise } from '../stats/fixtures/noise.js';
import { buildRecording, cycles, MIB } from './fixtures/recording-builder.js';
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
  expect(verdict).toMatchObject({ verdict: 'fail', decides: true, samples: 45, windowMs: [10_000, 54_000] });
  expect(verdict.reason).toMatch(
    /^live heap rises 72\.\d ± 0\.\d MiB\/min, budget 1 MiB\/min \(this run could see ≥ [12]\.\d+ MiB\/min\)$/,
  );
});

test('a flat metric passes and is called flat', () => {
  const verdict = judgeOn(growing(0, 0.1 * MIB));
  expect(verdict.verdict).toBe('pass');
  expect(verdict.reason).toMatch(
    /^live heap is flat: -?0\.\d+ ± 0\.1\d? MiB\/min, budget 1 MiB\/min \(this run could see ≥ 1\.\d+ MiB\/min\)$/,
  );
});

test('growth below the budget passes and is not called flat', () => {
  expect(judgeOn(growing(0.3 * MIB)).reason).toMatch(
    /^live heap rises within its budget: 0\.3 ± <0\.01 MiB\/min, budget 1 MiB\/min \(this run could see ≥ 1 MiB\/min\)$/,
  );
});

test('a falling metric passes', () => {
  expect(judgeOn(growing(-5 * MIB))).toMatchObject({ verdict: 'pass' });
});

test('noise that hides the budget is inconclusive and says what to do', () => {
  const verdict = judgeOn(growing(MIB, 3 * MIB));
  expect(verdict.verdict).toBe('inconclusive');
  expect(verdict.reason).toMatch(
    /^live heap grows \S+ ± [45]\.\d+ MiB\/min, too uncertain for its budget 1 MiB\/min \(this run could see ≥ \S+ MiB\/min\): run longer or sample faster \(--duration, --sample-every\)$/,
  );
});

test('fewer than 8 readings give no figures', () => {
  const recording = buildRecording({
    columns: { live_heap_bytes: (_, row) => (row % 7 === 0 ? row * MIB : null) },
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
      columns: { live_heap_bytes: (t, row) => (row % 6 === 0 ? 30 * MIB + perMin * t : null) },
    });
  expect(judgeOn(every(50 * MIB))).toMatchObject({ verdict: 'fail', samples: 8 });
  const flat = judgeOn(every(0));
  expect(flat.verdict).toBe('inconclusive');
  expect(flat.reason).toMatch(
    /^live heap grew 0 ± <0\.01 MiB\/min, budget 1 MiB\/min, but with only 8 readings in the judged window; a pass needs 20: run longer or sample faster \(--duration, --sample-every\)$/,
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
  expect(verdict).toMatchObject({ growthPerMin: 0, samples: 23 });
});

test('without forced collections external memory is read in every row', () => {
  const recording = buildRecording({ columns: { live_heap_bytes: () => null } });
  expect(judgeOn(recording, { metric: 'external', growthPerMin: MIB, explicit: true }).samples).toBe(45);
});

test('the interval and the floor of a count know that a descriptor cannot be split', () => {
  const fds = (growthPerMin: number): Budget => ({ metric: 'fds', growthPerMin, explicit: false });
  const verdict = judgeOn(buildRecording(), fds(8));
  expect(verdict).toMatchObject({ verdict: 'pass', growthPerMin: 0 });
  expect(verdict.halfWidthPerMin).toBeGreaterThan(1);
  expect(verdict.detectionFloorPerMin).toBeGreaterThan(8 + (2.93 * 0.408) / (44 / 60));
  expect(judgeOn(buildRecording(), fds(1))).toMatchObject({ verdict: 'inconclusive', growthPerMin: 0 });
  const longer = buildRecording({ seconds: 130, drainFromSec: 125 });
  expect(judgeOn(longer, fds(1))).toMatchObject({ verdict: 'pass', growthPerMin: 0 });
});

test('growth per operation divides by what was offered in the window', () => {
  const { growthPerMin, growthPerOp } = judgeOn(growing(6000 * 100));
  expect(growthPerOp).toBeCloseTo((growthPerMin ?? 0) / 6000, 6);
  expect(growthPerOp).toBeCloseTo(100, 0);
  const idle = buildRecording({ columns: { offered: () => null } });
  expect(judgeOn(idle).growthPerOp).toBeNull();
});

test('growth per operation is the same in one stretch and in cycles of load and drain', () => {
  const recording = buildRecording({
    seconds: 150,
    phaseAt: cycles(25, 10),
    columns: { live_heap_bytes: (_, __, loadMinutes) => 30 * MIB + 6000 * 1000 * loadMinutes },
  });
  const { growthPerOp } = judgeOn(recording);
  expect(growthPerOp).toBeGreaterThan(900);
  expect(growthPerOp).toBeLessThan(1100);
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
  expect(verdicts.filter((verdict) => verdict === 'pass').length).toBeGreaterThan(380);
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
  expect(share).toBeGreaterThan(0.85);
});

test('a leak that begins in mid-run is dated, and its rate is that of the end', () => {
  const noise = normalNoise(1);
  const late = buildRecording({
    seconds: 130,
    drainFromSec: 125,
    columns: { live_heap_bytes: (t) => (30 + 60 * Math.max(0, t - 1) + 0.05 * noise()) * MIB },
  });
  const verdict = judgeOn(late);
  expect(verdict.fit?.sinceMs).toBeGreaterThan(55_000);
  expect(verdict.fit?.sinceMs).toBeLessThan(65_000);
  expect(verdict.reason).toMatch(
    /^live heap rises 60(\.\d)? ± \S+ MiB\/min since (5\d(\.\d)? s|1 min( \d s)?), budget/,
  );
});

test('growth that was released again is withheld with the reason', () => {
  const released = buildRecording({
    seconds: 130,
    drainFromSec: 125,
    columns: { live_heap_bytes: (t, row) => (30 + 60 * t - (row > 80 ? 60 : 0) + 0.1 * (row % 3)) * MIB },
  });
  const verdict = judgeOn(released);
  expect(verdict.verdict).toBe('inconclusive');
  expect(verdict.fit?.guards).toEqual(['no-new-high']);
  expect(verdict.reason).toMatch(/^live heap grew .*, but it ended no higher than before: run longer/);
});

test('what a drain releases is left out of the growth under load', () => {
  const noise = normalNoise(1);
  const verdict = judgeOn(
    buildRecording({
      columns: {
        live_heap_bytes: (t, row) => (row < 55 ? 30 + 20 * t + 0.1 * noise() : 5) * MIB,
      },
    }),
  );
  expect(verdict).toMatchObject({ verdict: 'fail', samples: 45, windowMs: [10_000, 54_000] });
  expect((verdict.growthPerMin ?? 0) / MIB).toBeCloseTo(20, 0);
});

describe('in cycles of load and drain', () => {
  const phaseAt = cycles(25, 10);

  /** Four cycles: live heap in MiB by phase, the cycle's number and the minutes since it began. */
  function cycled(liveHeap: (draining: boolean, cycle: number, minutes: number) => number): MetricVerdict {
    const noise = normalNoise(3);
    return judgeOn(
      buildRecording({
        seconds: 150,
        phaseAt,
        columns: {
          live_heap_bytes: (_, row) => {
            const since = Math.max(0, row - 10);
            const level = liveHeap(phaseAt(row) === 'drain', Math.floor(since / 35), (since % 35) / 60);
            return (level + 0.05 * noise()) * MIB;
          },
        },
      }),
    );
  }

  test.each([2, 20, 60])('a sawtooth of %i MiB/min that each drain releases is no leak', (perMin) => {
    const verdict = cycled((draining, _, minutes) => 30 + (draining ? 0 : perMin * minutes));
    expect(verdict).toMatchObject({ verdict: 'pass', samples: 82 });
  });

  test('floors that climb from drain to drain fail, however the load moves above them', () => {
    const garbage = normalNoise(4);
    const verdict = cycled((draining, cycle) => 20 + 3 * cycle + (draining ? 0 : 40 + 15 * garbage()));
    expect(verdict).toMatchObject({ verdict: 'fail', fit: { reduction: 'ratchet' } });
    expect((verdict.growthPerMin ?? 0) / MIB).toBeCloseTo((3 * 60) / 25, 0);
  });

  test('floors that stay say that nothing was kept, however the load moves above them', () => {
    const garbage = normalNoise(4);
    const verdict = cycled((draining) => 20 + (draining ? 0 : 40 + 15 * garbage()));
    expect(verdict).toMatchObject({ verdict: 'pass', fit: { reduction: 'ratchet' } });
  });
});
