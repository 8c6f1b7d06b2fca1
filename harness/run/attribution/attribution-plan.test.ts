import { describe, expect, test } from 'vitest';
import type { MetricVerdict, RunVerdict } from '../../core/verdict.js';
import { buildManifest, buildRecording, MIB } from '../../verdict/fixtures/recording-builder.js';
import { judge } from '../../verdict/judge.js';
import { patienceMs, pauseText, predictedPauseMs, whyNot } from './guards.js';
import { hangsOnLoad, planUnit, primeFrom } from './load-unit.js';
import { wantedOf } from './wanted.js';

const leaking = judge(
  buildManifest(),
  buildRecording({ columns: { live_heap_bytes: (t) => (30 + 12 * t) * MIB } }),
);
const sound = judge(buildManifest(), buildRecording());
const metricNamed = (verdict: RunVerdict, name: string): MetricVerdict =>
  verdict.metrics.find(({ metric }) => metric === name) as MetricVerdict;

describe('heap snapshots are wanted', () => {
  test('on fail of a metric that they can show, and of no other run', () => {
    expect(wantedOf(leaking, 'on-fail', true)).toMatchObject({ snapshots: true, descriptors: false });
    expect(wantedOf(leaking, 'on-fail', true).growing.map(({ metric }) => metric)).toEqual(['live-heap']);
    expect(wantedOf(sound, 'on-fail', true)).toEqual({ growing: [], snapshots: false, descriptors: false });
    const failed = { ...metricNamed(leaking, 'live-heap'), metric: 'io-write' as const };
    expect(wantedOf({ ...leaking, metrics: [failed] }, 'on-fail', true).snapshots).toBe(false);
  });

  test('of an inconclusive run only when they are always wanted, and never when they are off', () => {
    const doubted: RunVerdict = { ...leaking, verdict: 'inconclusive' };
    expect(wantedOf(doubted, 'on-fail', true)).toMatchObject({ snapshots: false, growing: [] });
    expect(wantedOf(doubted, 'always', true).snapshots).toBe(true);
    expect(wantedOf(leaking, 'off', true).snapshots).toBe(false);
  });

  test('of RSS where nothing else is read of the heap', () => {
    const rss = { ...leaking, metrics: [{ ...metricNamed(leaking, 'live-heap'), metric: 'rss' as const }] };
    expect(wantedOf(rss, 'on-fail', false).snapshots).toBe(true);
    expect(wantedOf(rss, 'on-fail', true).snapshots).toBe(false);
  });

  test('of descriptors too, which objects stand for', () => {
    const fds = { ...metricNamed(leaking, 'live-heap'), metric: 'fds' as const };
    expect(wantedOf({ ...leaking, metrics: [fds] }, 'on-fail', true)).toMatchObject({
      snapshots: true,
      descriptors: true,
    });
  });
});

describe('a unit of load', () => {
  const growing = (growthPerMin: number, unit: 'bytes' | 'count' = 'bytes'): MetricVerdict[] => [
    { ...metricNamed(leaking, 'live-heap'), growthPerMin, unit },
  ];

  test('is as long as the growth needs to be seen, and a prime number of operations', () => {
    expect(planUnit(growing(1.5 * MIB), 1000)).toEqual({ ms: 10_000, operations: 10_007 });
    expect(planUnit(growing(100 * MIB), 1000)).toEqual({ ms: 3_000, operations: 3_001 });
    expect(planUnit(growing(0.1 * MIB), 1000).ms).toBe(20_000);
    expect(planUnit(growing(600, 'count'), 1000).ms).toBe(5_000);
  });

  test('has some dozens of operations even of a slow load, and only a time where none are counted', () => {
    expect(planUnit(growing(100 * MIB), 10)).toEqual({ ms: 5_300, operations: 53 });
    expect(planUnit([], null)).toEqual({ ms: 5_000, operations: null });
  });

  test.each([
    [0, 2],
    [2, 2],
    [24, 29],
    [7919, 7919],
    [7920, 7927],
  ])('the least prime from %d on is %d', (from, prime) => expect(primeFrom(from)).toBe(prime));

  test('leaves the load on where most of the growth went with it', () => {
    const givenBack = (finalIncrease: number): boolean =>
      hangsOnLoad([
        {
          ...metricNamed(leaking, 'live-heap'),
          levels: { baseline: 10, afterWarmUp: 10, peak: 110, finalIncrease },
        },
      ]);
    expect(givenBack(95)).toBe(false);
    expect(givenBack(20)).toBe(true);
    expect(hangsOnLoad(leaking.metrics)).toBe(false);
  });
});

describe('a snapshot of a heap', () => {
  const heap = (mib: number): { pid: number; heapUsedBytes: number } => ({
    pid: 1,
    heapUsedBytes: mib * MIB,
  });
  const means = (memory: number, disk: number): { memoryBytes: number; diskBytes: number } => ({
    memoryBytes: memory * MIB,
    diskBytes: disk * MIB,
  });

  test('needs twenty times its size of memory, and eight times on disk', () => {
    expect(whyNot(heap(100), means(2_000, 800))).toBeNull();
    expect(whyNot(heap(100), means(1_999, 800))).toMatch(
      /heap of 100 MiB may take 2 GiB of memory, and 2 GiB are free/,
    );
    expect(whyNot(heap(100), means(2_000, 799))).toMatch(/may take 800 MiB on disk, and 799 MiB are free/);
  });

  // Measured: 17 s for a heap of 234 MB with 5.7 million nodes.
  test('stops its process for a time that is known before, and is waited for much longer', () => {
    expect(predictedPauseMs(heap(223))).toBeGreaterThan(15_000);
    expect(predictedPauseMs(heap(223))).toBeLessThan(21_000);
    expect(pauseText(heap(4))).toBe('less than a second');
    expect(pauseText(heap(100))).toBe('up to 8 s');
    expect(patienceMs(heap(100))).toBeGreaterThan(4 * predictedPauseMs(heap(100)));
  });
});
