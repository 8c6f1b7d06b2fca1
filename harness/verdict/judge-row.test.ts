import { expect, test } from 'vitest';
import type { Finding } from '../core/finding.js';
import type { FaultSign } from '../core/matrix.js';
import type { MetricVerdict, RunVerdict } from '../core/verdict.js';
import { judgeRow } from './judge-row.js';

const metric = (name: string, outcome: MetricVerdict['verdict'], decides = true): MetricVerdict =>
  ({ metric: name, verdict: outcome, decides, reason: `${name} says ${outcome}` }) as MetricVerdict;
const finding = (id: Finding['id'], severity: Finding['severity'] = 'error'): Finding => ({
  id,
  severity,
  message: `about ${id}`,
});
const verdict = (
  outcome: RunVerdict['verdict'],
  metrics: readonly MetricVerdict[] = [],
  findings: readonly Finding[] = [],
): RunVerdict => ({ verdict: outcome, metrics, findings, warnings: [] }) as unknown as RunVerdict;
const row = (fault: FaultSign | null) => ({ scenario: 'udp-flood', fault });
const GROWS: FaultSign = { id: 'grows', metric: 'live-heap', finding: null, retainer: null };
const STOPS: FaultSign = { id: 'stops', metric: 'fds', finding: 'answers-missing', retainer: null };

test('the fixed node has to pass', () => {
  expect(judgeRow(row(null), verdict('pass'))).toEqual({ asDeclared: true, message: 'passes' });
  const failed = verdict('fail', [metric('live-heap', 'pass'), metric('fds', 'fail')]);
  expect(judgeRow(row(null), failed)).toEqual({ asDeclared: false, message: 'fds says fail' });
});

test('a fault has to fail on its metric, as one that decides', () => {
  const failed = verdict('fail', [metric('fds', 'fail'), metric('live-heap', 'fail')]);
  expect(judgeRow(row(GROWS), failed)).toEqual({ asDeclared: true, message: 'live-heap says fail' });
  for (const metrics of [[metric('fds', 'fail')], [metric('live-heap', 'fail', false)]]) {
    expect(judgeRow(row(GROWS), verdict('fail', metrics))).toMatchObject({ asDeclared: false });
  }
});

test('a fault with a declared holder has to name it as the first culprit', () => {
  const path = (className: string): object[] => [
    { name: 'cache', className },
    { name: 'names', className: 'Map' },
  ];
  const failed = (...classNames: string[]): RunVerdict => ({
    ...verdict('fail', [metric('live-heap', 'fail')]),
    culprits: classNames.map((name) => ({ path: path(name) })) as unknown as RunVerdict['culprits'],
  });
  const held = row({ ...GROWS, retainer: 'DnsCache.names' });
  expect(judgeRow(held, failed('DnsCache', 'Other'))).toMatchObject({ asDeclared: true });
  expect(judgeRow(held, failed('Other', 'DnsCache'))).toEqual({
    asDeclared: false,
    message: 'DnsCache.names is not named: the first culprit is Other.names; live-heap says fail',
  });
  expect(judgeRow(held, failed())).toMatchObject({ asDeclared: false });
});

test('a fault with a finding has to fail on that, whatever its metric says', () => {
  const answered = judgeRow(row(STOPS), verdict('fail', [metric('fds', 'fail')]));
  expect(answered).toEqual({
    asDeclared: false,
    message: 'answers-missing does not show it: fds says fail',
  });
  const found = verdict('fail', [metric('fds', 'pass')], [finding('answers-missing')]);
  expect(judgeRow(row(STOPS), found)).toEqual({
    asDeclared: true,
    message: 'answers-missing: about answers-missing',
  });
  expect(judgeRow(row(STOPS), verdict('fail', [], [finding('answers-missing', 'info')]))).toMatchObject({
    asDeclared: false,
  });
});

test('a service that ended with its target has stopped', () => {
  const stops = { ...STOPS, finding: 'service-stopped' };
  const died = verdict('fail', [], [finding('died-of-growth')]);
  expect(judgeRow(row(stops), died)).toMatchObject({ asDeclared: true });
  expect(judgeRow(row(STOPS), died)).toMatchObject({ asDeclared: false });
});

test('a fault that passes is not found', () => {
  expect(judgeRow(row(GROWS), verdict('pass', [metric('live-heap', 'pass')]))).toMatchObject({
    asDeclared: false,
    message: 'live-heap does not show it: live-heap says pass',
  });
});

test.each(['inconclusive', 'invalid'] as const)('what is %s leaves both open', (outcome) => {
  for (const fault of [null, GROWS]) {
    expect(judgeRow(row(fault), verdict(outcome)).asDeclared).toBeNull();
  }
});

test('a run that fails for another reason while the declared metric could not tell leaves it open', () => {
  const besides = verdict('fail', [metric('live-heap', 'inconclusive'), metric('rss', 'fail')]);
  expect(judgeRow(row(GROWS), besides)).toEqual({
    asDeclared: null,
    message: 'live-heap does not show it: rss says fail',
  });
});

test('of a run that is in doubt the doubt is told, and not a note', () => {
  const doubted = {
    ...verdict('inconclusive', [metric('live-heap', 'pass')]),
    warnings: [
      { id: 'gaps', concerns: 'note', message: 'a gap' },
      { id: 'structure-filling', concerns: 'reading', message: 'a cache was filling' },
    ],
  } as RunVerdict;
  expect(judgeRow(row(null), doubted)).toEqual({ asDeclared: null, message: 'a cache was filling' });
});

test('a run that could not be run is no row as declared', () => {
  const broken = verdict('error', [], [finding('could-not-run')]);
  expect(judgeRow(row(null), broken)).toEqual({ asDeclared: false, message: 'about could-not-run' });
});
