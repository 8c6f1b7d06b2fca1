import { expect, test } from 'vitest';
import type { Outcome } from './assessment.js';
import { type Decision, decide, type Look, lookTimes, type StoppingPolicy } from './policy.js';

const POLICY: StoppingPolicy = { durationMs: 1000 };

/** Looks at the policy's own times. */
function after(policy: StoppingPolicy, ...outcomes: Outcome[]): Decision {
  const looks = outcomes.map((outcome, i): Look => {
    return { atMs: lookTimes(policy)[i] ?? 0, outcome, pExceeds: outcome === 'fail' ? 0.995 : 0.5 };
  });
  return decide(policy, looks);
}

test('looks are at 0.8 and 1 times the duration, then ever farther up to the limit', () => {
  expect(lookTimes(POLICY)).toEqual([800, 1000, 1250, 1562.5, 2000]);
  expect(lookTimes({ ...POLICY, maxDurationMs: 1100 })).toEqual([800, 1000, 1100]);
  expect(lookTimes({ ...POLICY, maxDurationMs: 10 })).toEqual([800, 1000]);
  expect(lookTimes({ ...POLICY, failFast: true }).slice(0, 4)).toEqual([410, 510, 640, 800]);
});

test('nothing is passed before the whole duration, and nothing failed on one look', () => {
  expect(decide(POLICY, [])).toEqual({ kind: 'continue', nextLookMs: 800 });
  expect(after(POLICY, 'pass')).toEqual({ kind: 'continue', nextLookMs: 1000 });
  expect(after(POLICY, 'pass', 'pass')).toMatchObject({ outcome: 'pass', reason: 'passed' });
  expect(after(POLICY, 'inconclusive', 'fail')).toEqual({ kind: 'continue', nextLookMs: 1250 });
});

test('a fail is confirmed by the look before it or the one after', () => {
  expect(after(POLICY, 'fail', 'fail')).toMatchObject({ outcome: 'fail', reason: 'fail-confirmed' });
  expect(after(POLICY, 'pass', 'fail', 'fail')).toMatchObject({ outcome: 'fail' });
  expect(after(POLICY, 'pass', 'fail', 'pass')).toMatchObject({ outcome: 'pass' });
  expect(after(POLICY, 'fail', 'inconclusive', 'fail')).toMatchObject({ kind: 'continue' });
});

test('at the limit what is not decided or not confirmed is inconclusive', () => {
  const limited = { ...POLICY, maxDurationMs: 1000 };
  expect(after(limited, 'inconclusive', 'inconclusive')).toMatchObject({ reason: 'limit-reached' });
  expect(after(limited, 'inconclusive', 'fail')).toMatchObject({
    outcome: 'inconclusive',
    reason: 'fail-unconfirmed',
  });
});

test('fail-fast needs three sure looks in a row, from 0.41 of the duration on', () => {
  const fast = { ...POLICY, failFast: true };
  expect(after(fast, 'fail', 'fail')).toMatchObject({ kind: 'continue', nextLookMs: 640 });
  expect(after(fast, 'fail', 'fail', 'fail')).toMatchObject({ outcome: 'fail', reason: 'fail-fast' });
  expect(after(fast, 'fail', 'inconclusive', 'fail')).toMatchObject({ kind: 'continue' });
  expect(after(fast, 'pass', 'pass', 'pass')).toMatchObject({ kind: 'continue' });
});

test('a tick that comes a little early counts as the look that was due', () => {
  const looks: Look[] = [{ atMs: 999.9999, outcome: 'pass', pExceeds: 0.01 }];
  expect(decide(POLICY, looks)).toMatchObject({ outcome: 'pass' });
});
