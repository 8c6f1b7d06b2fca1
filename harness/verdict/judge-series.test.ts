import { describe, expect, test } from 'vitest';
import type { Budget } from '../core/budget.js';
import type { ForeignSeries } from '../core/foreign-recording.js';
import type { MetricVerdict } from '../core/verdict.js';
import { normalNoise } from '../stats/fixtures/noise.js';
import { foreignBudgets, judgeSeries, type SeriesOptions } from './judge-series.js';

const MIB = 2 ** 20;
const RSS: Budget = { metric: 'rss', growthPerMin: 2 * MIB, explicit: false };
const PLAIN: SeriesOptions = { startMs: 0, warmUpMs: 0, cleanupPeriodMs: null, doubts: [] };

/** RSS at 1 Hz on a line with noise. */
function growing(perMin: number, seconds = 120, noiseMib = 0.1): ForeignSeries {
  const noise = normalNoise(1);
  const elapsedMs = Array.from({ length: seconds }, (_, i) => i * 1000);
  const values = elapsedMs.map((ms) => MIB * (90 + (perMin * ms) / 60_000 + noiseMib * noise()));
  return { metric: 'rss', elapsedMs, values, load: null, resolution: 4096 };
}

function judged(series: ForeignSeries, options: Partial<SeriesOptions> = {}): MetricVerdict {
  return judgeSeries(series, RSS, { ...PLAIN, ...options }).verdict;
}

describe('a series', () => {
  test('that outgrows its budget fails, one that does not passes, and both decide', () => {
    expect(judged(growing(8))).toMatchObject({ verdict: 'fail', decides: true, samples: 120, unit: 'bytes' });
    expect(judged(growing(0))).toMatchObject({ verdict: 'pass', decides: true, windowMs: [0, 119_000] });
    expect(judged(growing(8)).reason).toMatch(/^RSS rises .* \(this recording could see ≥ /);
  });

  test('that hides its budget in noise is inconclusive and asks for more', () => {
    const verdict = judged(growing(2, 30, 8));
    expect(verdict.verdict).toBe('inconclusive');
    expect(verdict.reason).toMatch(/record longer or sample more often$/);
  });

  test.each([0, 1, 19])('of %i readings is inconclusive, however it grows', (count) => {
    const verdict = judged(growing(500, count));
    expect(verdict).toMatchObject({
      verdict: 'inconclusive',
      samples: count,
      growthPerMin: null,
      pExceeds: null,
    });
    expect(verdict.reason).toMatch(/a pass needs 20/);
  });

  test('of one value passes, and of nothing but zeros is no reading', () => {
    const flat = growing(0, 600, 0);
    expect(judged(flat).verdict).toBe('pass');
    const zeros = judged({ ...flat, values: flat.values.map(() => 0) });
    expect(zeros).toMatchObject({
      verdict: 'inconclusive',
      reason: 'RSS reads 0 in every row, which is no reading',
    });
  });

  test('is judged without its warm-up, and not at all when that is all of it', () => {
    const whole = growing(0);
    const values = whole.values.map((value, i) => value - 50 * MIB * Math.exp(-i / 10));
    expect(judged({ ...whole, values }, { warmUpMs: 60_000 })).toMatchObject({
      verdict: 'pass',
      samples: 60,
    });
    const short = judged(whole, { warmUpMs: 120_000 });
    expect(short).toMatchObject({ verdict: 'inconclusive', samples: 0 });
    expect(short.reason).toMatch(/^RSS has no reading after its warm-up/);
  });

  test('that has few readings after its warm-up says how many', () => {
    const { verdict, samples, reason } = judged(growing(8, 60), { startMs: 20_000, warmUpMs: 30_000 });
    expect({ verdict, samples }).toEqual({ verdict: 'inconclusive', samples: 10 });
    expect(reason).not.toMatch(/no reading/);
    expect(reason).toMatch(/10 readings/);
    expect(reason).not.toMatch(/warm-up of 50 s/);
  });

  test('counts its warm-up from where the judged stretch begins', () => {
    const late = growing(0, 300);
    expect(judged(late, { startMs: 100_000, warmUpMs: 50_000 }).samples).toBe(150);
  });

  test('that saw fewer than three clean-ups is inconclusive', () => {
    expect(judged(growing(0), { cleanupPeriodMs: 30_000 }).verdict).toBe('pass');
    const verdict = judged(growing(8), { cleanupPeriodMs: 60_000 });
    expect(verdict.verdict).toBe('inconclusive');
    expect(verdict.reason).toMatch(
      /^RSS has 1\.9 clean-up periods of readings; a verdict needs 3: record longer/,
    );
  });

  test('that saw almost three clean-ups does not claim to have seen three', () => {
    expect(judged(growing(8), { cleanupPeriodMs: 40_000 }).reason).not.toMatch(/has 3\.0 clean-up periods/);
  });

  test('is judged under load only', () => {
    const whole = growing(8);
    const idle = { ...whole, load: whole.values.map(() => 0) };
    expect(judged(idle)).toMatchObject({ verdict: 'inconclusive', samples: 0 });
    expect(judged(idle).reason).toMatch(/^RSS has no reading .*under load/);
    const half = { ...whole, load: whole.values.map((_, i) => (i < 60 ? 1 : 0)) };
    expect(judged(half)).toMatchObject({ verdict: 'fail', samples: 60 });
  });

  test('that may not stand for the whole fails and never passes', () => {
    const doubts = ['time goes back by 5 s at line 7'];
    expect(judged(growing(8), { doubts }).verdict).toBe('fail');
    const verdict = judged(growing(0), { doubts });
    expect(verdict.verdict).toBe('inconclusive');
    expect(verdict.reason).toMatch(
      /but time goes back by 5 s at line 7: it may not stand for the whole recording$/,
    );
  });

  test('cannot be seen more finely than it was written', () => {
    const floor = (resolution: number): number =>
      judged({ ...growing(0, 120, 0), resolution }).detectionFloorPerMin ?? 0;
    expect(floor(MIB)).toBeGreaterThan(floor(4096));
  });
});

describe('zeros', () => {
  const zeroed = (series: ForeignSeries, zero: (i: number) => boolean): ForeignSeries => {
    return { ...series, values: series.values.map((value, i) => (zero(i) ? 0 : value)) };
  };
  const FDS: Budget = { metric: 'fds', growthPerMin: 1, explicit: false };
  const fdsOf = (count: (i: number) => number): ForeignSeries => {
    const elapsedMs = Array.from({ length: 300 }, (_, i) => i * 1000);
    return { metric: 'fds', elapsedMs, values: elapsedMs.map((_, i) => count(i)), load: null, resolution: 1 };
  };

  test.each<[string, (i: number) => boolean]>([
    ['after its process died', (i) => i >= 180],
    ['in most rows', (i) => i % 5 < 3],
    ['before its process began', (i) => i < 100],
  ])('%s never hide a leak of memory', (_, zero) => {
    const { verdict, notes } = judgeSeries(zeroed(growing(12, 300), zero), RSS, PLAIN);
    expect(verdict.verdict).toBe('fail');
    expect(verdict.levels?.finalIncrease).toBeGreaterThan(0);
    expect(notes.join()).toMatch(
      /^RSS reads 0 in \d+ of 300 rows from .* on \((?:did the process end|was there a process to read)\?\)$/,
    );
  });

  test('at the end of flat memory withhold its pass, a few in between do not', () => {
    const dead = judgeSeries(
      zeroed(growing(0, 300), (i) => i >= 200),
      RSS,
      PLAIN,
    );
    expect(dead.verdict.verdict).toBe('inconclusive');
    expect(dead.verdict.reason).toMatch(/but RSS reads 0 in 100 of 300 rows from 3 min 20 s on \(did the/);
    expect(dead.notes).toEqual([]);
    expect(judged(zeroed(growing(0, 300), (i) => i % 40 === 7)).verdict).toBe('pass');
  });

  test('at the end of a count, or in most rows of a large one, withhold its pass', () => {
    const verdictOf = (count: (i: number) => number): string =>
      judgeSeries(fdsOf(count), FDS, PLAIN).verdict.verdict;
    expect(verdictOf((i) => (i < 150 ? 20 + Math.floor(i / 3) : 0))).toBe('inconclusive');
    expect(verdictOf((i) => (i < 100 ? 3 : 0))).toBe('inconclusive');
    expect(verdictOf((i) => (i % 5 < 3 ? 0 : 30))).toBe('inconclusive');
    expect(verdictOf((i) => (i % 20 < 10 ? 2 : 0))).toBe('pass');
    expect(verdictOf(() => 20)).toBe('pass');
  });

  test('that a sampler wrote now and then of a count are told with their number', () => {
    const { verdict, notes } = judgeSeries(
      fdsOf((i) => (i % 50 === 9 ? 0 : 40)),
      FDS,
      PLAIN,
    );
    expect(verdict.verdict).toBe('pass');
    expect(notes).toEqual(['fds: left out as faults of the sampler: 6 readings far below their neighbours']);
  });
});

describe('the budgets of a recording', () => {
  test('are the defaults for what it holds', () => {
    expect(foreignBudgets([], ['rss', 'fds', 'heap-used'])).toEqual([
      { metric: 'fds', growthPerMin: 1, explicit: false },
      { metric: 'rss', growthPerMin: 2 * MIB, explicit: false },
    ]);
  });

  test('are what the user named, also for what it does not hold, and of two the last', () => {
    const named = (growthPerMin: number): Budget => ({ metric: 'heap-used', growthPerMin, explicit: true });
    expect(foreignBudgets([named(5), named(7)], ['threads'])).toEqual([
      { metric: 'threads', growthPerMin: 1, explicit: false },
      named(7),
    ]);
  });
});
