import { expect, test } from 'vitest';
import type { MetricOutcome, MetricVerdict } from '../../harness/core/verdict.js';
import { createColours } from '../colours.js';
import { type AnalysedFile, analysisLine, analysisText, noteLines } from './analysis-text.js';

const MIB = 2 ** 20;

function rss(verdict: MetricOutcome, growth: number | null): MetricVerdict {
  return {
    metric: 'rss',
    fit: null,
    unit: 'bytes',
    verdict,
    decides: true,
    growthPerMin: growth === null ? null : growth * MIB,
    halfWidthPerMin: growth === null ? null : 0.25 * MIB,
    pExceeds: growth === null ? null : 0.5,
    budgetPerMin: 2 * MIB,
    detectionFloorPerMin: growth === null ? null : 2.5 * MIB,
    growthPerOp: null,
    samples: 30,
    windowMs: [0, 29_000],
    levels: null,
    reason: `RSS is what it is: ${verdict}`,
  };
}

const FILES: readonly AnalysedFile[] = [
  { file: 'a.csv', metrics: [rss('pass', 0)], notes: ['local time'] },
  { file: 'b.csv', metrics: [rss('fail', 8)], notes: [] },
  { file: 'longer.csv', metrics: [rss('inconclusive', null)], notes: ['local time', 'a restart'] },
];

test('several files are a table, why the others did not pass, notes and a count', () => {
  expect(analysisText(FILES, createColours(false))).toMatchInlineSnapshot(`
    "file        metric     growth ± 90 %     budget      could see  readings  verdict
    a.csv       rss     0 ± 0.25 MiB/min  2 MiB/min  ≥ 2.5 MiB/min        30  pass
    b.csv       rss     8 ± 0.25 MiB/min  2 MiB/min  ≥ 2.5 MiB/min        30  fail
    longer.csv  rss                    -  2 MiB/min              -        30  inconclusive

    fail: b.csv: RSS is what it is: fail
    inconclusive: longer.csv: RSS is what it is: inconclusive

    note: a.csv and 1 more: local time
    note: longer.csv: a restart

    3 verdicts: 1 pass, 1 fail, 1 inconclusive
    "
  `);
});

test('of a single file a pass is explained as well', () => {
  expect(analysisText(FILES.slice(0, 1), createColours(false))).toMatch(
    /\npass: a\.csv: RSS is what it is: pass\n/,
  );
});

test('no file at all is no text', () => {
  expect(analysisText([], createColours(false))).toBe('');
});

test('a note that concerns many files is said once', () => {
  expect(noteLines(FILES)).toEqual(['a.csv and 1 more: local time', 'longer.csv: a restart']);
});

test('a JSON line holds base units and null for figures that there are not', () => {
  expect(analysisLine('longer.csv', rss('inconclusive', null))).toBe(
    '{"file":"longer.csv","metric":"rss","verdict":"inconclusive","pExceeds":null,"growthPerMin":null,' +
      '"halfWidthPerMin":null,"budgetPerMin":2097152,"detectionFloorPerMin":null,"samples":30,' +
      '"reason":"RSS is what it is: inconclusive"}\n',
  );
});
