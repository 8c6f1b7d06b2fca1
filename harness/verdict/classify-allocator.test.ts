import { expect, test } from 'vitest';
import type { RunVerdict } from '../core/verdict.js';
import { classifyAllocator, needsConfirmation } from './classify-allocator.js';
import { buildManifest, buildRecording, MIB } from './fixtures/recording-builder.js';
import { judge } from './judge.js';

/** A run whose RSS, outside the heap, rises by so many MiB/min. */
function runOf(mibPerMin: number, noiseMib = 0): RunVerdict {
  const noise = (row: number): number => noiseMib * (((row * 7919) % 13) / 6 - 1);
  return judge(
    buildManifest(),
    buildRecording({ columns: { rss_bytes: (t, row) => (90 + mibPerMin * t + noise(row)) * MIB } }),
  );
}

const first = runOf(60);
const classOf = (second: RunVerdict) => classifyAllocator(first, second).classes[0];

test('a run that fails on RSS alone needs an explanation, one that passes or leaks heap does not', () => {
  expect(needsConfirmation(first)).toBe(true);
  expect(needsConfirmation(runOf(0))).toBe(false);
  const heap = buildRecording({ columns: { live_heap_bytes: (t) => (30 + 60 * t) * MIB } });
  expect(needsConfirmation(judge(buildManifest(), heap))).toBe(false);
});

test('growth that is gone with two arenas was fragmentation, and the run still fails', () => {
  expect(classOf(runOf(0))).toMatchObject({
    kind: 'fragmentation',
    evidence: expect.stringMatching(
      /^with MALLOC_ARENA_MAX=2 RSS grew .* KiB.min instead of 59.9 ± 0.2 MiB.min$/,
    ),
  });
  const { verdict, exitCode } = classifyAllocator(first, runOf(0));
  expect([verdict, exitCode]).toEqual(['fail', 1]);
});

test('most of the growth gone is fragmentation too, although the rest still fails', () => {
  expect(runOf(9).verdict).toBe('fail');
  expect(classOf(runOf(9))?.kind).toBe('fragmentation');
});

test('growth that stays is native', () => {
  expect(classOf(runOf(58))).toMatchObject({ kind: 'native' });
});

test('a second run that cannot tell leaves the class and says so', () => {
  const uncertain = { verdict: 'inconclusive', growthPerMin: 30 * MIB, halfWidthPerMin: 40 * MIB } as const;
  const noisy: RunVerdict = {
    ...first,
    metrics: first.metrics.map((judged) => (judged.metric === 'rss' ? { ...judged, ...uncertain } : judged)),
  };
  expect(classOf(noisy)).toMatchObject({ kind: 'native-or-fragmentation' });
  expect(classOf(noisy)?.evidence).toMatch(/which does not tell them apart$/);
  const failed = judge(buildManifest({ state: 'failed', failure: 'never ready' }), buildRecording());
  expect(classOf(failed)).toMatchObject({
    kind: 'native-or-fragmentation',
    evidence: 'a second run with MALLOC_ARENA_MAX=2 could not be judged',
  });
});
