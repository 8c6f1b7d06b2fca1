import { describe, expect, test } from 'vitest';
import { buildRecording, MIB } from './fixtures/recording-builder.js';
import { judgeMetric } from './judge-metric.js';
import { judgedWindow } from './window.js';

const DEFAULT_BUDGET = { metric: 'rss', growthPerMin: 8 * MIB, explicit: false } as const;

function judgeRss(
  rss: (minutes: number) => number,
  heapPhysical: (minutes: number) => number | null,
  explicit = false,
): { verdict: string; reason: string } {
  const jitter = (row: number): number => 4096 * ((row * 5) % 11);
  const recording = buildRecording({
    columns: {
      rss_bytes: (minutes, row) => rss(minutes) + jitter(row),
      heap_physical_bytes: (minutes) => heapPhysical(minutes),
    },
  });
  return judgeMetric(recording, { ...DEFAULT_BUDGET, explicit }, judgedWindow(recording), 'fail-only');
}

describe('a rise of RSS above its default budget', () => {
  test('that lies in the V8 heap is not a leak of RSS: live heap judges it', () => {
    const { verdict, reason } = judgeRss(
      (minutes) => (90 + 20 * minutes) * MIB,
      (minutes) => (30 + 20 * minutes) * MIB,
    );
    expect(verdict).toBe('inconclusive');
    expect(reason).toMatch(/RSS rises 20 ± .* MiB\/min.*but outside the V8 heap only/);
  });

  test('outside the V8 heap fails', () => {
    expect(
      judgeRss(
        (minutes) => (90 + 20 * minutes) * MIB,
        () => 30 * MIB,
      ).verdict,
    ).toBe('fail');
  });

  test('fails without an agent when it lasts through both halves of the window', () => {
    expect(
      judgeRss(
        (minutes) => (90 + 20 * minutes) * MIB,
        () => null,
      ).verdict,
    ).toBe('fail');
  });

  test('by the few MiB that a process settles by is no leak', () => {
    const { verdict, reason } = judgeRss(
      (minutes) => (90 + 9.5 * minutes) * MIB,
      () => null,
    );
    expect(verdict).toBe('inconclusive');
    expect(reason).toMatch(/less than the 6 MiB that a process settles by/);
  });

  test('without three major collections may be garbage', () => {
    const recording = buildRecording({
      columns: {
        rss_bytes: (minutes) => (90 + 40 * minutes) * MIB,
        heap_physical_bytes: () => 30 * MIB,
        major_gcs: (minutes) => (minutes < 0.5 ? 1 : 2),
      },
    });
    const verdict = judgeMetric(recording, DEFAULT_BUDGET, judgedWindow(recording), 'full');
    expect(verdict.verdict).toBe('inconclusive');
    expect(verdict.reason).toMatch(/fewer than three major collections/);
  });

  test('that levels off is settling', () => {
    const { verdict, reason } = judgeRss(
      (minutes) => (90 + 30 * Math.min(minutes, 0.72)) * MIB,
      () => null,
    );
    expect(verdict).toBe('inconclusive');
    expect(reason).toMatch(/may still be settling/);
  });

  test('is taken at its word against a budget that the user named', () => {
    expect(
      judgeRss(
        (minutes) => (90 + 20 * minutes) * MIB,
        (minutes) => (30 + 20 * minutes) * MIB,
        true,
      ).verdict,
    ).toBe('fail');
  });
});
