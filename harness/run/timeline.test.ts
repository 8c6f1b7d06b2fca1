import { expect, test } from 'vitest';
import { buildManifest } from '../verdict/fixtures/recording-builder.js';
import { innerDrains, judgedLimitMs, judgedSpanMs, usableMs } from './timeline.js';

const { plan } = buildManifest({
  plan: { durationMs: 130_000, maxDurationMs: 260_000, warmUpMs: 10_000, drainMs: 5_000, cycles: 4 },
});

test('the judged stretch ends where the last drain begins', () => {
  expect(judgedSpanMs(plan)).toBe(115_000);
  expect(judgedLimitMs(plan)).toBe(245_000);
});

test('drains, and what settles after them, give no readings for the trend', () => {
  expect(usableMs(plan)).toBe(100_000 * (1 - 0.75 * 0.25));
  expect(usableMs({ ...plan, cycles: 1 })).toBe(115_000);
});

test('cycles are equally long, each with its drain at the end', () => {
  expect(innerDrains(plan)).toEqual([
    { atMs: 25_000, load: 'off' },
    { atMs: 30_000, load: 'on' },
    { atMs: 55_000, load: 'off' },
    { atMs: 60_000, load: 'on' },
    { atMs: 85_000, load: 'off' },
    { atMs: 90_000, load: 'on' },
  ]);
});

test('one cycle has no drain in between', () => {
  expect(innerDrains({ ...plan, cycles: 1 })).toEqual([]);
});
