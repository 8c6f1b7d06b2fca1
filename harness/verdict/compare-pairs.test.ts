import { expect, test } from 'vitest';
import type { Budget } from '../core/budget.js';
import type { Compared, Pair } from '../core/comparison.js';
import { normalNoise } from '../stats/fixtures/noise.js';
import { comparePairs } from './compare.js';
import { buildManifest, buildRecording, MIB } from './fixtures/recording-builder.js';
import type { RecordedRun } from './recorded-run.js';

const TOLERANCE: Budget = { metric: 'live-heap', growthPerMin: 0.5 * MIB, explicit: false };

interface Growth {
  /** MiB per minute. */
  readonly growth?: number;
  /** MiB at the start. */
  readonly level?: number;
  readonly noise?: number;
  readonly tolerance?: number;
}

function run(
  seed: number,
  { growth = 0, level = 30, noise = 0.05, tolerance = 0.5 }: Growth = {},
): RecordedRun {
  const next = normalNoise(seed);
  return {
    manifest: buildManifest({ plan: { budgets: [{ ...TOLERANCE, growthPerMin: tolerance * MIB }] } }),
    recording: buildRecording({
      columns: { live_heap_bytes: (t) => (level + growth * t + noise * next()) * MIB },
    }),
  };
}

/** Three pairs; a pair's two runs share what `of` says of their number, and after grows more by `more`. */
function pairsOf(
  of: (pair: number) => Growth,
  more: number,
  seed = 1,
): [Pair<RecordedRun>, ...Pair<RecordedRun>[]] {
  const pair = (n: number): Pair<RecordedRun> => ({
    before: run(100 * seed + 2 * n, of(n)),
    after: run(100 * seed + 2 * n + 1, { ...of(n), growth: (of(n).growth ?? 0) + more }),
  });
  return [pair(0), pair(1), pair(2)];
}

function compared(pairs: Parameters<typeof comparePairs>[0]): Compared {
  const comparison = comparePairs(pairs);
  return comparison.state === 'compared' ? comparison : expect.fail('refused');
}

const drifting = (pair: number): Growth => ({ growth: [0, 6, -4][pair] as number });

test('a drift that is common to a pair cancels, although runs of different pairs are worlds apart', () => {
  const pairs = pairsOf(drifting, 0);
  expect(compared([{ before: pairs[0].before, after: (pairs[1] as Pair<RecordedRun>).after }]).outcome).toBe(
    'regressed',
  );
  const comparison = compared(pairs);
  expect(comparison).toMatchObject({ outcome: 'no-difference', exitCode: 0, pairs: 3, warnings: [] });
  const [metric] = comparison.metrics;
  expect(metric?.halfWidthPerMin).toBeLessThan(0.4 * MIB);
  expect(metric?.before.halfWidthPerMin).toBeGreaterThan(5 * MIB);
  expect(metric?.pairs).toHaveLength(3);
});

test('a difference as large as could have been seen is seen through the same drift', () => {
  const floor = compared(pairsOf(drifting, 0)).metrics[0]?.detectionFloorPerMin ?? Number.NaN;
  expect(floor).toBeGreaterThan(0.5 * MIB);
  expect(floor).toBeLessThan(1.5 * MIB);
  const worse = compared(pairsOf(drifting, (1.1 * floor) / MIB));
  expect(worse).toMatchObject({ outcome: 'regressed', exitCode: 1 });
});

test('what is not seen is said with what could have been', () => {
  expect(compared(pairsOf(() => ({}), 0)).metrics[0]?.reason).toMatch(
    /^live heap grows as before within tolerance 512 KiB\/min: no difference seen; could have seen ≥ [\d.]+ KiB\/min$/,
  );
});

test('three pairs see less than one, where runs do not vary', () => {
  let [one, three] = [0, 0];
  for (let seed = 1; seed <= 10; seed++) {
    const pairs = pairsOf(() => ({ noise: 0.3 }), 0, seed);
    const [ofOne, ofThree] = [compared([pairs[0]]), compared(pairs)].map(
      ({ metrics }) => (metrics[0]?.detectionFloorPerMin ?? Number.NaN) - 0.5 * MIB,
    );
    one += ofOne as number;
    three += ofThree as number;
  }
  expect(three).toBeLessThan(0.8 * one);
});

test('without a difference and next to no tolerance, regressions are as rare as they should be', () => {
  let regressed = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const vary = (pair: number): Growth => ({
      growth: 2 * normalNoise(1000 * seed + pair)(),
      tolerance: 0.001,
    });
    if (compared(pairsOf(vary, 0, seed)).outcome === 'regressed') regressed++;
  }
  expect(regressed).toBeLessThanOrEqual(4);
});

test('another level is shown with its interval, and is no regression', () => {
  const pairs = [0, 1, 2].map((n) => ({
    before: run(2 * n, { level: 30 + n }),
    after: run(2 * n + 1, { level: 40 + n }),
  })) as unknown as Parameters<typeof comparePairs>[0];
  const comparison = compared(pairs);
  expect(comparison).toMatchObject({ outcome: 'no-difference', exitCode: 0 });
  const { levelChange, peakChange, levelEffectSize } = comparison.metrics[0] ?? expect.fail();
  expect(levelChange?.difference).toBeCloseTo(10 * MIB, -5);
  expect(levelChange?.halfWidth).toBeLessThan(0.2 * MIB);
  expect(levelChange?.percent).toBeCloseTo(32, 0);
  expect(levelEffectSize).toBeGreaterThan(100);
  expect(peakChange?.difference).toBeCloseTo(10 * MIB, -6);
  expect(peakChange?.halfWidth).toBeGreaterThan(0);
});

test('a pair that could not be measured leaves a regression standing, and "no difference" not', () => {
  const unread = { ...run(9), recording: buildRecording({ columns: { live_heap_bytes: () => null } }) };
  const withGap = (more: number) => {
    const [first, second, third] = pairsOf(() => ({}), more);
    return compared([first, { ...(second as Pair<RecordedRun>), after: unread }, third as Pair<RecordedRun>]);
  };
  expect(withGap(0).metrics[0]).toMatchObject({ outcome: 'inconclusive', pairs: [{}, null, {}] });
  expect(withGap(0).exitCode).toBe(2);
  expect(withGap(9)).toMatchObject({ outcome: 'regressed', exitCode: 1 });
});

/** Growth that was let go of again in mid-run, and begins anew: the guards object to what it ends with. */
function releasedRun(): RecordedRun {
  const columns = { live_heap_bytes: (t: number, row: number) => (30 + 20 * t - (row > 40 ? 13 : 0)) * MIB };
  return { ...run(0), recording: buildRecording({ columns }) };
}

test('a run whose growth is in doubt leaves its pair out; in a run after that holds up "no difference"', () => {
  const [first, second, third] = pairsOf(() => ({}), 0) as unknown as [
    Pair<RecordedRun>,
    Pair<RecordedRun>,
    Pair<RecordedRun>,
  ];
  const before = compared([first, { ...second, before: releasedRun() }, third]);
  expect(before.metrics[0]?.pairs.map((pair) => pair?.leftOut)).toEqual([false, true, false]);
  expect(before).toMatchObject({ outcome: 'no-difference', exitCode: 0 });
  const after = compared([first, { ...second, after: releasedRun() }, third]);
  expect(after).toMatchObject({ outcome: 'inconclusive', exitCode: 2 });
  expect(after.metrics[0]?.reason).toContain('the growth of 1 of 3 runs after is in doubt');
});

test('a doubtful run before neither hides a leak after, nor holds up a run after that is flat by itself', () => {
  const doubtful = releasedRun();
  expect(compared([{ before: doubtful, after: run(1, { growth: 72 }) }])).toMatchObject({ exitCode: 1 });
  expect(compared([{ before: doubtful, after: run(1) }])).toMatchObject({ exitCode: 0 });
  expect(compared([{ before: run(1), after: doubtful }])).toMatchObject({
    outcome: 'inconclusive',
    exitCode: 2,
  });
});

test('pairs must be alike among themselves, and two of them are few', () => {
  const [first, second] = pairsOf(() => ({}), 0) as unknown as [Pair<RecordedRun>, Pair<RecordedRun>];
  const longer = buildManifest({ plan: { durationMs: 90_000 } });
  const unlike = {
    before: { ...second.before, manifest: longer },
    after: { ...second.after, manifest: longer },
  };
  expect(comparePairs([first, unlike])).toMatchObject({
    state: 'refused',
    differences: [{ setting: 'plan.durationMs', before: '60000', after: '90000' }],
  });
  expect(compared([first, second]).warnings[0]).toContain('2 pairs tell little');
});
