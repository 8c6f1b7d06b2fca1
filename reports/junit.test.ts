import { expect, test } from 'vitest';
import { type RowResult, rowName } from '../harness/core/matrix.js';
import { junitXml, type TestCase } from './junit.js';
import { matrixLine, matrixSummary } from './matrix-text.js';

const GOOD: RowResult = {
  row: { scenario: 'udp-flood', fault: null },
  outcome: 'pass',
  asDeclared: true,
  message: 'passes',
  tookMs: 30_000,
  attempts: 1,
  folder: '/runs/udp-flood',
};
const MISSED: RowResult = {
  ...GOOD,
  row: {
    scenario: 'udp-flood',
    fault: { id: 'dns-cache-names', metric: 'live-heap', finding: null, retainer: null },
  },
  asDeclared: false,
  message: 'live-heap "flat" <1 & more\u0007\nsecond line',
  folder: '/runs/faulty',
};
const OPEN: RowResult = { ...GOOD, outcome: 'inconclusive', asDeclared: null, attempts: 2 };
const caseOf = (result: RowResult): TestCase => ({
  ...result,
  group: result.row.scenario,
  name: rowName(result.row),
  isGood: result.asDeclared,
});

test('rows are test cases: a failure where not as declared, an error where nothing can be told', () => {
  expect(junitXml('self-test', [GOOD, MISSED, OPEN].map(caseOf))).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="1" errors="1">
  <testsuite name="self-test" tests="3" failures="1" errors="1">
    <testcase classname="udp-flood" name="udp-flood" time="30.0"/>
    <testcase classname="udp-flood" name="udp-flood/dns-cache-names" time="30.0"><failure message="pass: live-heap &quot;flat&quot; &lt;1 &amp; more?&#10;second line"/></testcase>
    <testcase classname="udp-flood" name="udp-flood" time="30.0"><error message="inconclusive: passes"/></testcase>
  </testsuite>
</testsuites>
`);
});

test('a row is one line, with its mark, its outcome and what it rests on', () => {
  expect(matrixLine(GOOD)).toMatch(/^ok {2}udp-flood {2,}pass {2,}passes\n$/);
  expect(matrixLine(MISSED)).toMatch(/^NOT udp-flood\/dns-cache-names {2,}pass.*& more.?\n$/);
  expect(matrixLine(OPEN)).toMatch(/^\? .*inconclusive.*\(2 attempts\)\n$/);
});

test('the summary says where to look at what is not as declared', () => {
  expect(matrixSummary([GOOD])).toBe('1 of 1 rows are as declared (30 s of runs)\n');
  expect(matrixSummary([GOOD, MISSED])).toBe(
    '1 of 2 rows are as declared (1 min of runs)\n  udp-flood/dns-cache-names: leak-soak analyze /runs/faulty\n',
  );
});
