import { expect, test } from 'vitest';
import { besideOf, NO_BASELINE, rowOf, verdictOf } from './fixtures/rows.js';
import { fingerprints, nightExitCode, nightOutcome } from './night.js';

test('the first night of a scenario that passes is good: there is nothing to compare it with', () => {
  expect(nightOutcome(verdictOf(0), NO_BASELINE)).toBe('good');
});

test('a night within its budgets that grows beyond the last good one has regressed', () => {
  const row = rowOf({ ...verdictOf(0), verdict: 'pass', exitCode: 0 }, besideOf(0, 4));
  expect(row.outcome).toBe('regressed');
  expect(nightExitCode([rowOf(verdictOf(0)), row])).toBe(1);
  expect(fingerprints(row)).toEqual(['udp-flood/live-heap']);
});

test('as much growth as on the last good night is good', () => {
  expect(nightOutcome(verdictOf(0.2), besideOf(0.2, 0.2))).toBe('good');
});

test('a leak fails the night, and is known by its scenario and metric', () => {
  const row = rowOf(verdictOf(8));
  expect(row.outcome).toBe('failed');
  expect(fingerprints(row)).toEqual(['udp-flood/live-heap']);
  expect(nightExitCode([row])).toBe(1);
});

test('a run that failed on a finding alone is known by that', () => {
  const verdict = verdictOf(0);
  const finding = { id: 'probe-failed', severity: 'error', message: 'stopped answering' } as const;
  const note = { id: 'target-log-cut', severity: 'info', message: 'log cut' } as const;
  expect(fingerprints(rowOf({ ...verdict, verdict: 'fail', findings: [finding, note] }))).toEqual([
    'udp-flood/probe-failed',
  ]);
});

test('a scenario that cannot tell fails the job on the third night in a row', () => {
  const verdict = { ...verdictOf(0), verdict: 'inconclusive' } as const;
  expect([1, 2, 3].map((nights) => nightExitCode([rowOf(verdict, NO_BASELINE, nights)]))).toEqual([0, 0, 2]);
});

test('a run that could not be made, and a night without any, is our own failure', () => {
  expect(nightExitCode([rowOf(null)])).toBe(3);
  expect(nightExitCode([])).toBe(3);
});
