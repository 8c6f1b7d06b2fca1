import { expect, test } from 'vitest';
import type { Budget } from '../core/budget.js';
import type { Recording } from '../core/recording.js';
import { normalNoise } from '../stats/fixtures/noise.js';
import type { Look } from '../stats/policy.js';
import { BUDGETS, buildManifest, buildRecording, MIB } from './fixtures/recording-builder.js';
import { lookAt } from './look.js';

const look = (recording: Recording, budgets: readonly Budget[] = BUDGETS): Look =>
  lookAt(recording, buildManifest({ plan: { budgets } }).plan, 45_000);

type Columns = Record<string, (minutes: number, row: number) => number>;

const leaking = { live_heap_bytes: (t: number) => 30 * MIB + 70 * MIB * t };
const tooFewFds = { fds: (_: number, row: number) => (row % 10 === 0 ? 22 : null) };

test('a look at a healthy run passes and is certain of no leak', () => {
  expect(look(buildRecording())).toEqual({ atMs: 45_000, outcome: 'pass', pExceeds: null });
});

test('a look at a leak fails with its certainty, whatever the other metrics say', () => {
  const { outcome, pExceeds } = look(buildRecording({ columns: { ...leaking, ...tooFewFds } }));
  expect(outcome).toBe('fail');
  expect(pExceeds).toBeGreaterThan(0.99);
});

test('a look at a known leak is one at the other metrics: a run goes on while they are not decided', () => {
  const isKnown = ({ metric }: { readonly metric: string }): boolean => metric === 'live-heap';
  const outcomeOf = (columns: Columns): string =>
    lookAt(buildRecording({ columns }), buildManifest().plan, 45_000, isKnown).outcome;
  expect(outcomeOf(leaking)).toBe('pass');
  expect(outcomeOf({ ...leaking, fds: tooFewFds.fds as Columns[string] })).toBe('inconclusive');
  expect(outcomeOf({ ...leaking, fds: (t) => 22 + 60 * t })).toBe('fail');
});

test('the certainty of a look is that of the surest metric that fails, not of one that does not', () => {
  const marginal = (columns: Columns = {}): Look => {
    const noise = normalNoise(2);
    const live_heap_bytes = (t: number): number => (30 + 1.6 * t + 0.15 * noise()) * MIB;
    return look(buildRecording({ columns: { live_heap_bytes, ...columns } }));
  };
  const alone = marginal();
  expect(alone.outcome).toBe('fail');
  expect(alone.pExceeds).toBeLessThan(0.9999);
  const besideSure = marginal({ rss_bytes: (t, row) => (90 + 60 * t + 0.02 * ((row * 5) % 11)) * MIB });
  expect(besideSure.pExceeds).toBeGreaterThan(alone.pExceeds ?? 1);
  expect(marginal({ fds: (_, row) => 22 + (row % 10 === 0 ? 0 : Number.NaN) })).toEqual(alone);
});

test('one metric that cannot tell makes a look inconclusive without certainty', () => {
  expect(look(buildRecording({ columns: tooFewFds }))).toMatchObject({
    outcome: 'inconclusive',
    pExceeds: null,
  });
});

test('a metric that does not decide does not move a look', () => {
  const garbage = buildRecording({ columns: { heap_used_bytes: (t) => (40 + 70 * t) * MIB } });
  const budgets: readonly Budget[] = [
    ...BUDGETS,
    { metric: 'heap-used', growthPerMin: MIB, explicit: false },
  ];
  expect(look(garbage, budgets)).toMatchObject({ outcome: 'pass', pExceeds: null });
});

test('a look before the steady phase cannot tell', () => {
  expect(look(buildRecording({ seconds: 8 }))).toMatchObject({ outcome: 'inconclusive', pExceeds: null });
});
