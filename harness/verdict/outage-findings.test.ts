import { expect, test } from 'vitest';
import type { Manifest } from '../core/manifest.js';
import type { Outage } from '../core/service-record.js';
import type { MetricVerdict } from '../core/verdict.js';
import { buildManifest } from './fixtures/recording-builder.js';
import { outageFindings } from './outage-findings.js';

const manifest = (outages: readonly Outage[], overload = false, service = 'dns-tcp'): Manifest => ({
  ...buildManifest({ plan: { overload } }),
  phases: [
    { phase: 'warm-up', startMs: 0, endMs: 5_000 },
    { phase: 'steady', startMs: 5_000, endMs: 20_000 },
    { phase: 'drain', startMs: 20_000, endMs: 23_000 },
    { phase: 'settle', startMs: 23_000, endMs: 25_000 },
  ],
  services: [{ service, asked: 20, answered: 10, latencyMs: { p50: 1, p99: 2 }, outages }],
});
const heap = (verdict: MetricVerdict['verdict']): MetricVerdict[] => [
  { metric: 'live-heap', verdict } as MetricVerdict,
];

test('a service that stops for good is named with its time, and what memory did meanwhile', () => {
  const stopped = manifest([{ fromMs: 12_100, toMs: null, message: 'no answer' }]);
  expect(outageFindings(stopped, heap('pass'))).toEqual([
    {
      id: 'service-stopped',
      severity: 'error',
      message: 'service stopped answering on TCP at 12 s while memory stayed flat (no answer)',
    },
  ]);
  expect(outageFindings(stopped, heap('fail'))[0]?.message).toMatch(/at 12 s while memory grew/);
  expect(outageFindings(stopped, [])[0]?.message).toMatch(/at 12 s \(no answer\)/);
});

test('of outages that ended the longest is told', () => {
  const outages = [
    { fromMs: 6_000, toMs: 8_500, message: 'a' },
    { fromMs: 10_000, toMs: 15_000, message: 'b' },
  ];
  expect(outageFindings(manifest(outages), [])).toMatchObject([
    {
      id: 'service-interrupted',
      message: expect.stringMatching(/TCP.*for 5 s at 10 s \(and 1 times more\): b/),
    },
  ]);
});

test('a service that answers is no finding', () => {
  expect(outageFindings(manifest([]), [])).toEqual([]);
});

test('under overload silence is expected, and a late recovery is not', () => {
  const silent = (toMs: number | null) =>
    manifest([{ fromMs: 1_000, toMs, message: 'no answer' }], true, 'dns');
  expect(outageFindings(silent(19_000), [])).toEqual([]);
  expect(outageFindings(silent(21_500), [])).toEqual([]);
  expect(outageFindings(silent(24_000), [])).toMatchObject([
    { id: 'late-recovery', message: expect.stringMatching(/on UDP came 4 s late after recovery/) },
  ]);
  expect(outageFindings(silent(null), [])).toMatchObject([
    { id: 'late-recovery', message: expect.stringMatching(/no answer on UDP within 5 s after recovery/) },
  ]);
});
