import { describe, expect, test } from 'vitest';
import { normalNoise } from '../stats/fixtures/noise.js';
import { buildRecording, MIB } from './fixtures/recording-builder.js';
import { judgeMetric } from './judge-metric.js';
import { judgedWindow } from './window.js';

const DEFAULT_BUDGET = { metric: 'rss', growthPerMin: 4 * MIB, explicit: false } as const;

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

  test('fails without an agent when it lasts', () => {
    expect(
      judgeRss(
        (minutes) => (90 + 20 * minutes) * MIB,
        () => null,
      ).verdict,
    ).toBe('fail');
  });

  test('by the few MiB that a process settles by is no leak', () => {
    const { verdict, reason } = judgeRss(
      (minutes) => (90 + 6 * minutes) * MIB,
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

  test.each([
    [10, 5],
    [20, 10],
    [40, 20],
  ])('by %i MiB that levels off in some %i s is settling', (height, seconds) => {
    for (let seed = 0; seed < 20; seed++) {
      const noise = normalNoise(seed);
      const settled = (minutes: number): number =>
        90 + height * (1 - Math.exp(-(60 * minutes - 10) / seconds)) + 0.3 * noise();
      expect(
        judgeRss(
          (minutes) => settled(minutes) * MIB,
          () => null,
        ).verdict,
      ).not.toBe('fail');
    }
  });

  test('that goes on after the settling fails', () => {
    expect(
      judgeRss(
        (minutes) => (90 + 20 * (1 - Math.exp(-Math.max(0, 60 * minutes - 10) / 5)) + 20 * minutes) * MIB,
        () => null,
      ).verdict,
    ).toBe('fail');
  });

  test('after a cache has filled is fragmentation until it is more than a part of what was filled', () => {
    const judgeFilled = (perMinAfter: number, minutes = 2): { verdict: string; reason: string } => {
      const noise = normalNoise(3);
      const recording = buildRecording({
        seconds: 60 * minutes,
        drainFromSec: 60 * minutes,
        columns: {
          // 66 MiB in the first 40 s, of which the first 10 are warm-up.
          rss_bytes: (t) =>
            (12 + 100 * Math.min(t, 0.66) + perMinAfter * Math.max(0, t - 0.66) + 0.1 * noise()) * MIB,
          heap_physical_bytes: () => null,
        },
      });
      return judgeMetric(recording, DEFAULT_BUDGET, judgedWindow(recording), 'full');
    };
    const filled = judgeFilled(6);
    expect(filled.verdict).toBe('inconclusive');

    expect(filled.reason).toMatch(
      /since \S+ s.*by only \S+ MiB since then, after it had filled by 6\d.* MiB: an/,
    );
    expect(judgeFilled(6, 4).verdict).toBe('fail');
    expect(judgeFilled(20).verdict).toBe('fail');
  });

  test('by the few MiB that a process settles by is no leak, whatever the drain releases', () => {
    const recording = buildRecording({
      columns: {
        rss_bytes: (minutes, row) => (row < 55 ? 90 + 6 * minutes : 60) * MIB + 4096 * ((row * 5) % 11),
      },
    });
    const verdict = judgeMetric(recording, DEFAULT_BUDGET, judgedWindow(recording), 'full');
    expect(verdict.verdict).toBe('inconclusive');
    expect(verdict.reason).toMatch(/less than the 6 MiB that a process settles by/);
  });

  test('is judged in a recording of two days', () => {
    const seconds = 2 * 24 * 3600;
    const recording = buildRecording({
      seconds,
      drainFromSec: seconds,
      columns: { rss_bytes: (minutes) => (90 + 20 * minutes) * MIB },
    });
    expect(judgeMetric(recording, DEFAULT_BUDGET, judgedWindow(recording), 'full').verdict).toBe('fail');
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
