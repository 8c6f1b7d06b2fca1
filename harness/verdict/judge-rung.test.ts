import { expect, test } from 'vitest';
import type { Rung } from '../core/rung.js';
import type { MetricVerdict, RunVerdict } from '../core/verdict.js';
import { judgeRung } from './judge-rung.js';

const metric = (name: string, outcome: MetricVerdict['verdict'], decides = true): MetricVerdict =>
  ({
    metric: name,
    verdict: outcome,
    decides,
    reason: `${name} says ${outcome}`,
    growthPerMin: 7,
    halfWidthPerMin: 1,
    windowMs: [30_000, 81_000],
  }) as unknown as MetricVerdict;
const verdict = (outcome: RunVerdict['verdict'], ...metrics: readonly MetricVerdict[]): RunVerdict =>
  ({ verdict: outcome, metrics, findings: [] }) as unknown as RunVerdict;
const rung = (share: number): Rung => ({ leak: 'heap', metric: 'live-heap', floorPerMin: 4, share });

test('twice the floor has to fail on the metric of the leak, and the last reading says after how long', () => {
  expect(judgeRung(rung(2), verdict('fail', metric('rss', 'fail'), metric('live-heap', 'fail')))).toEqual({
    asPromised: true,
    message: 'live-heap says fail',
    detectedMs: 81_000,
    growthPerMin: 7,
    halfWidthPerMin: 1,
  });
});

test('twice the floor that fails on another metric, or on one that has no say, or passes, is not found', () => {
  for (const missed of [
    verdict('fail', metric('live-heap', 'inconclusive'), metric('fds', 'fail')),
    verdict('fail', metric('live-heap', 'fail', false), metric('fds', 'fail')),
    verdict('pass', metric('live-heap', 'pass')),
  ]) {
    expect(judgeRung(rung(2), missed)).toMatchObject({ asPromised: false, detectedMs: null });
  }
});

test('twice the floor that cannot be told is left open', () => {
  expect(judgeRung(rung(2), verdict('inconclusive', metric('live-heap', 'inconclusive')))).toMatchObject({
    asPromised: null,
    message: 'live-heap says inconclusive',
  });
});

test('half the floor must not fail, on whatever metric, and may leave it open', () => {
  expect(judgeRung(rung(0.5), verdict('fail', metric('fds', 'fail')))).toMatchObject({
    asPromised: false,
    message: 'fds says fail',
  });
  for (const outcome of ['pass', 'inconclusive'] as const) {
    expect(judgeRung(rung(0.5), verdict(outcome, metric('live-heap', outcome)))).toMatchObject({
      asPromised: true,
    });
  }
});

test('at the floor itself any verdict will do', () => {
  for (const outcome of ['pass', 'fail', 'inconclusive'] as const) {
    expect(judgeRung(rung(1), verdict(outcome, metric('live-heap', outcome)))).toMatchObject({
      asPromised: true,
      detectedMs: outcome === 'fail' ? 81_000 : null,
    });
  }
});

test('a run that could not be made keeps no promise, and one that cannot be trusted tells nothing', () => {
  for (const share of [0.5, 1, 2]) {
    expect(judgeRung(rung(share), verdict('error')).asPromised).toBe(false);
    expect(judgeRung(rung(share), verdict('invalid')).asPromised).toBeNull();
  }
});
