import { describe, expect, test } from 'vitest';
import type { KnownLeak } from '../../core/leak-baseline.js';
import { buildRecording } from '../fixtures/recording-builder.js';
import { judge } from '../judge.js';
import { applyBaseline } from './apply-baseline.js';
import { baselineOf, culprit, knownLeak, leakyManifest, leakyRun } from './fixtures/known-leaks.js';
import { EMPTY_BASELINE, NO_REASON, updateBaseline } from './update-baseline.js';

const DAY = '2026-01-01T00:00:00.000Z';
const update = (entries: readonly KnownLeak[], reason: string | null = null): readonly KnownLeak[] =>
  updateBaseline(baselineOf(...entries), leakyRun(), DAY, reason).knownLeaks;

describe('the first baseline of a run', () => {
  test('holds what fails, with its growth, its structures and 90 days to mend it', () => {
    const artefacts = [culprit('names', 0.9), culprit('code', 0.05, true), culprit('odd', 0.001)];
    const { knownLeaks } = updateBaseline(EMPTY_BASELINE, leakyRun(leakyManifest(artefacts)), DAY, null);
    expect(knownLeaks).toEqual([
      {
        scenario: 'udp-flood',
        command: null,
        metric: 'live-heap',
        growthPerMin: expect.closeTo(72.3 * 2 ** 20, -5) as number,
        halfWidthPerMin: expect.any(Number) as number,
        growthPerOp: expect.closeTo((72.3 * 2 ** 20) / 6000, -2) as number,
        growth: '72.3 ± 0.4 MiB/min',
        culprits: [{ fingerprint: 'id-names', structure: 'cache DnsCache → names Map' }],
        reason: NO_REASON,
        expires: '2026-04-01',
        recorded: '2026-01-01',
      },
    ]);
  });

  test('lets the same run pass', () => {
    const baseline = updateBaseline(EMPTY_BASELINE, leakyRun(), DAY, 'known since March');
    expect(applyBaseline(leakyRun(), baseline, DAY)).toMatchObject({ verdict: 'pass', exitCode: 0 });
  });

  test('names the command of a server that is not ours, and no structures for what no heap holds', () => {
    const target = { ...leakyManifest().target, kind: 'command', command: ['npm', 'start'] } as const;
    const threads = { metric: 'threads', growthPerMin: 4, explicit: true } as const;
    const run = judge(
      leakyManifest(undefined, { target, plan: { budgets: [threads] } }),
      buildRecording({ columns: { threads: (minutes) => 12 + 60 * minutes } }),
    );
    const { knownLeaks } = updateBaseline(EMPTY_BASELINE, run, DAY, null);
    expect(knownLeaks).toMatchObject([{ command: 'npm start', metric: 'threads', culprits: [] }]);
  });
});

describe('a baseline that is updated', () => {
  test('keeps reason and last day of an entry that is valid, and takes its growth from this run', () => {
    const [entry] = update([knownLeak({ growthPerMin: 5 })], 'another reason');
    expect(entry).toMatchObject({
      reason: knownLeak().reason,
      expires: '2026-01-31',
      recorded: '2026-01-01',
      growth: '72.3 ± 0.4 MiB/min',
    });
  });

  test('renews an expired one, under a new reason where one is given', () => {
    const expired = knownLeak({ expires: '2025-12-31' });
    expect(update([expired])).toMatchObject([{ reason: expired.reason, expires: '2026-04-01' }]);
    expect(update([expired], 'postponed')).toMatchObject([{ reason: 'postponed', expires: '2026-04-01' }]);
  });

  test('fills in a reason that is missing, and its day stays', () => {
    const unexplained = knownLeak({ reason: NO_REASON });
    expect(update([unexplained], 'issue 12')).toMatchObject([{ reason: 'issue 12', expires: '2026-01-31' }]);
  });

  test('loses what passes; keeps what this run did not read, and what is not its own, to the letter', () => {
    const others = [
      knownLeak({ scenario: 'tcp-storm' }),
      knownLeak({ command: 'node a.js', expires: '2020-01-01' }),
      knownLeak({ metric: 'external' }),
    ];
    const entries = update([knownLeak({ metric: 'fds' }), ...others]);
    for (const other of others) expect(entries).toContainEqual(other);
    expect(entries.map(({ metric }) => metric)).not.toContain('fds');
    expect(entries).toHaveLength(4);
  });

  test('is sorted by scenario, command and metric, however it was before', () => {
    const entries = update([
      knownLeak({ scenario: 'zone' }),
      knownLeak({ command: 'b' }),
      knownLeak({ command: 'a' }),
      knownLeak({ metric: 'external' }),
      knownLeak({ scenario: 'doh' }),
    ]);
    expect(entries.map(({ scenario, command, metric }) => [scenario, command, metric].join(' '))).toEqual([
      'doh  live-heap',
      'udp-flood  live-heap',
      'udp-flood  external',
      'udp-flood a live-heap',
      'udp-flood b live-heap',
      'zone  live-heap',
    ]);
  });
});
