import { expect, test } from 'vitest';
import type { Budget } from '../core/budget.js';
import type { RunPlan } from '../core/manifest.js';
import type { MetricName } from '../core/metric.js';
import type { MetricVerdict } from '../core/verdict.js';
import { normalNoise } from '../stats/fixtures/noise.js';
import { buildManifest, buildRecording, MIB } from './fixtures/recording-builder.js';
import { judgeMetrics } from './judge-metrics.js';
import { judgedWindow } from './window.js';

const budget = (metric: MetricName): Budget => ({ metric, growthPerMin: MIB, explicit: false });

/** The verdict on live heap, the first metric of the plan. */
function liveHeap(plan: Partial<RunPlan>, perMinMib: number, noiseMib: number): MetricVerdict {
  const noise = normalNoise(2);
  const recording = buildRecording({
    columns: { live_heap_bytes: (t) => (30 + perMinMib * t + noiseMib * noise()) * MIB },
  });
  const { metrics } = judgeMetrics(buildManifest({ plan }).plan, recording, judgedWindow(recording));
  return metrics[0] ?? expect.fail('not judged');
}

test('the more budgets a run has, the surer each must be of a fail', () => {
  const one = [budget('live-heap')];
  const others: MetricName[] = ['external', 'array-buffers', 'fds', 'rss', 'heap-used', 'threads', 'handles'];
  const alone = Array.from({ length: 41 }, (_, i) => 1 + i / 40).map((perMin) => {
    const { verdict, pExceeds } = liveHeap({ budgets: one }, perMin, 0.15);
    const among = liveHeap({ budgets: [...one, ...others.map(budget)] }, perMin, 0.15);
    expect(among.pExceeds).toBe(pExceeds);
    expect(verdict === 'fail').toBe((pExceeds ?? 0) >= 0.95);
    expect(among.verdict === 'fail').toBe((pExceeds ?? 0) >= 1 - 0.05 / 8);
    return verdict !== among.verdict;
  });
  expect(alone).toContain(true);
});

test('a declared clean-up must have been seen three times', () => {
  const budgets = [budget('live-heap')];
  expect(liveHeap({ budgets, cleanupPeriodMs: 10_000 }, 70, 0.1).verdict).toBe('fail');
  const rare = liveHeap({ budgets, cleanupPeriodMs: 30_000 }, 70, 0.1);
  expect(rare).toMatchObject({ verdict: 'inconclusive', growthPerMin: null, fit: null });
  expect(rare.reason).toMatch(
    /^live heap has 1\.4 clean-up periods of readings; a verdict needs 3: run longer/,
  );
});
