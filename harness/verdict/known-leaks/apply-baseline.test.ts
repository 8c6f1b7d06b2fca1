import { describe, expect, test } from 'vitest';
import type { LeakBaseline } from '../../core/leak-baseline.js';
import type { RunVerdict } from '../../core/verdict.js';
import { buildManifest, buildRecording, MIB } from '../fixtures/recording-builder.js';
import { judge } from '../judge.js';
import { applyBaseline } from './apply-baseline.js';
import { baselineOf, culprit, knownLeak, leakyManifest, leakyRun } from './fixtures/known-leaks.js';

const DAY = '2026-01-01T00:00:00.000Z';
const beside = (verdict: RunVerdict, baseline: LeakBaseline = baselineOf(knownLeak())): RunVerdict =>
  applyBaseline(verdict, baseline, DAY);
/** Verdict, exit code, and the state of each known leak. */
const summary = ({ verdict, exitCode, knownLeaks }: RunVerdict): unknown[] => [
  verdict,
  exitCode,
  ...knownLeaks.map(({ state }) => state),
];
const messageOf = (verdict: RunVerdict): string | undefined => verdict.knownLeaks[0]?.message;
const leakingFds = { fds: (minutes: number): number => 22 + 60 * minutes };

describe('a run in which only what is known leaks', () => {
  const run = beside(leakyRun());

  test('passes, and tells the leak with its reason and its last day', () => {
    expect(summary(leakyRun())).toEqual(['fail', 1]);
    expect(summary(run)).toEqual(['pass', 0, 'known']);
    expect(messageOf(run)).toBe(
      'live heap rises 72.3 ± 0.4 MiB/min (72 ± 0.4 MiB/min on 2025-12-24), tolerated until 2026-01-31: ' +
        'mended with the new cache, issue 12',
    );
  });

  test('still shows the metric as failed, only without a say', () => {
    const metric = run.metrics.find((one) => one.metric === 'live-heap');
    expect(metric).toMatchObject({ verdict: 'fail', decides: false });
    expect(run.classes).toEqual([]);
    expect(run.culprits).toHaveLength(1);
  });

  test('stays inconclusive where another metric is, or the readings are in doubt', () => {
    const unsure = { fds: (_: number, row: number) => 22 + 20 * ((row * 7919) % 11) };
    expect(summary(beside(leakyRun(leakyManifest(), 72.3, unsure)))).toEqual(['inconclusive', 2, 'known']);
    const gap = { id: 'fail-unconfirmed', concerns: 'reading', message: 'alone' } as const;
    const doubted = leakyRun(leakyManifest(undefined, { warnings: [gap] }));
    expect(summary(beside(doubted))).toEqual(['inconclusive', 2, 'known']);
  });

  test('is invalid where the load was not as promised, which a fail had hidden', () => {
    const { load } = buildManifest();
    if (load === null) expect.fail();
    const manifest = leakyManifest(undefined, { load: { ...load, intended: 9000 } });
    expect(summary(leakyRun(manifest))).toEqual(['fail', 1]);
    expect(summary(beside(leakyRun(manifest)))).toEqual(['invalid', 2, 'known']);
  });

  test('keeps the exit code of an interruption', () => {
    expect(summary(beside({ ...leakyRun(), exitCode: 130 }))).toEqual(['pass', 130, 'known']);
  });
});

describe('a run fails as before', () => {
  test('when the known leak grows faster than runs differ', () => {
    const run = beside(leakyRun(), baselineOf(knownLeak({ growthPerMin: 60 * MIB })));
    expect(summary(run)).toEqual(['fail', 1, 'worse']);
    expect(messageOf(run)).toMatch(/faster than what is known \(60 ± 0\.4 MiB\/min on 2025-12-24\)/);
    const near = baselineOf(knownLeak({ growthPerMin: 66 * MIB }));
    expect(summary(beside(leakyRun(), near))).toEqual(['pass', 0, 'known']);
  });

  test('when another metric fails beside it', () => {
    const run = beside(leakyRun(leakyManifest(), 72.3, leakingFds));
    expect(summary(run)).toEqual(['fail', 1, 'known']);
    const decides = run.metrics
      .filter((one) => one.verdict === 'fail')
      .map((one) => [one.metric, one.decides]);
    expect(decides).toEqual([
      ['live-heap', false],
      ['fds', true],
    ]);
    expect(run.classes.map(({ kind }) => kind)).toEqual(['descriptors']);
  });

  test('when another structure of weight grows beside the known one, which is then the one advised', () => {
    const run = beside(leakyRun(leakyManifest([culprit('names', 0.9), culprit('users', 0.06)])));
    expect(summary(run)).toEqual(['fail', 1, 'new-culprit']);
    expect(messageOf(run)).toContain('users (Map; 6 % of all growth, id id-users) grows as well');
    expect(run.classes[0]?.advice).toMatch(/^look at users \(Map\) first/);
  });

  test('when its time is over', () => {
    const expired = baselineOf(knownLeak({ expires: '2025-12-31' }));
    const run = beside(leakyRun(), expired);
    expect(summary(run)).toEqual(['fail', 1, 'expired']);
    expect(messageOf(run)).toContain('which was tolerated until 2025-12-31 only');
    expect(summary(beside(leakyRun(), baselineOf(knownLeak({ expires: '2026-01-01' }))))).toEqual([
      'pass',
      0,
      'known',
    ]);
  });

  test('when the target fell short otherwise', () => {
    const probes = [{ at: 'settle', ok: false, message: 'timed out' }] as const;
    const run = beside(leakyRun(leakyManifest(undefined, { probes })));
    expect(summary(run)).toEqual(['fail', 1, 'known']);
  });

  test('when the entry is of another scenario, target or metric', () => {
    for (const other of [{ scenario: 'tcp-storm' }, { command: 'node a.js' }]) {
      expect(summary(beside(leakyRun(), baselineOf(knownLeak(other))))).toEqual(['fail', 1]);
    }
    expect(summary(beside(leakyRun(), baselineOf(knownLeak({ metric: 'fds' }))))).toEqual([
      'fail',
      1,
      'gone',
    ]);
  });
});

describe('a structure that was not recorded is none of weight', () => {
  test.each([
    ['V8 keeps it', culprit('code', 0.5, true), 'known'],
    ['it may have grown by chance', culprit('odd', 0.009), 'known'],
    ['it would keep the budget alone: 1 % of 72 MiB/min', culprit('small', 0.0135), 'known'],
    ['it would not: 1.5 % of 72 MiB/min', culprit('slow', 0.015), 'new-culprit'],
    ['its part is unknown', culprit('unknown', null), 'new-culprit'],
  ])('when %s', (_, other, state) => {
    const [, , met] = summary(beside(leakyRun(leakyManifest([culprit('names', 0.9), other]))));
    expect(met).toBe(state);
  });

  test('of growth that is counted, a small part of the bytes says nothing', () => {
    const entry = knownLeak({ metric: 'fds', growthPerMin: 60, halfWidthPerMin: 2 });
    const others = [culprit('names', 0.9), culprit('slow', 0.03)];
    const run = judge(leakyManifest(others), buildRecording({ columns: leakingFds }));
    expect(summary(beside(run, baselineOf(entry)))).toEqual(['pass', 0, 'known']);
  });

  test('without snapshots growth alone tells, and that is said', () => {
    const run = beside(leakyRun(leakyManifest(undefined, { attribution: null })));
    expect(summary(run)).toEqual(['pass', 0, 'known']);
    expect(messageOf(run)).toContain('only its growth says that it is the same');
  });
});

test('at another rate of load growth per operation tells whether a leak got worse', () => {
  const perOp = leakyRun().metrics.find(({ metric }) => metric === 'live-heap')?.growthPerOp ?? 0;
  expect(perOp).toBeGreaterThan(0);
  const halfTheLoad = knownLeak({ growthPerMin: 36 * MIB, growthPerOp: perOp });
  expect(summary(beside(leakyRun(), baselineOf(halfTheLoad)))).toEqual(['pass', 0, 'known']);
  const halfTheLeak = knownLeak({ growthPerMin: 36 * MIB, growthPerOp: perOp / 2 });
  expect(summary(beside(leakyRun(), baselineOf(halfTheLeak)))).toEqual(['fail', 1, 'worse']);
});

describe('an entry that no longer leaks', () => {
  test('is told, with how to take it out', () => {
    const run = beside(judge(buildManifest(), buildRecording()));
    expect(summary(run)).toEqual(['pass', 0, 'gone']);
    expect(messageOf(run)).toMatch(/^live heap keeps its budget .*--update-baseline$/);
  });

  test('is not believed of a target that did not serve', () => {
    const probes = [{ at: 'settle', ok: false, message: 'timed out' }] as const;
    expect(summary(beside(judge(buildManifest({ probes }), buildRecording())))).toEqual(['fail', 1]);
  });

  test('is not told of a metric that was not read', () => {
    const external = baselineOf(knownLeak({ metric: 'external' }));
    expect(summary(beside(judge(buildManifest(), buildRecording()), external))).toEqual(['pass', 0]);
  });
});
