import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rowOf, verdictOf } from './fixtures/rows.js';
import { openHistory } from './history.js';

let folder: string;
let night: { date: string; commit: string; run: string };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leak-soak-history-'));
  const run = join(folder, 'run');
  mkdirSync(run);
  for (const file of ['samples.csv', 'samples-1.csv', 'run.json', 'verdict.json', 'target.log'])
    writeFileSync(join(run, file), `${file} of the first night`);
  night = { date: '2026-01-01T01:00:00.000Z', commit: '4f1c2d3', run };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (...path: string[]): string => join(folder, 'history', ...path);

test('a good night is kept for the next ones to be compared with, without its logs', () => {
  openHistory(at()).add(rowOf(verdictOf(0)), night);
  const lastGood = openHistory(at()).lastGood('udp-flood') as string;
  expect(readFileSync(join(lastGood, 'samples-1.csv'), 'utf8')).toBe('samples-1.csv of the first night');
  expect(existsSync(join(lastGood, 'target.log'))).toBe(false);
});

test('a night that failed leaves the last good one as it was', () => {
  const history = openHistory(at());
  history.add(rowOf(verdictOf(0)), night);
  writeFileSync(join(night.run, 'run.json'), 'run.json of the second night');
  history.add(rowOf(verdictOf(8)), night);
  expect(readFileSync(at('last-good', 'udp-flood', 'run.json'), 'utf8')).toBe('run.json of the first night');
  history.add(rowOf(verdictOf(0)), night);
  expect(readFileSync(at('last-good', 'udp-flood', 'run.json'), 'utf8')).toBe('run.json of the second night');
});

test('growth.csv gains a line for each metric of each night, and one with empty cells where there is no verdict', () => {
  openHistory(at()).add(rowOf(verdictOf(8)), night);
  openHistory(at()).add(rowOf(null), night);
  const lines = readFileSync(at('growth.csv'), 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(1 + 3 + 1);
  expect(lines[0]).toBe(
    'date,commit,scenario,outcome,metric,verdict,unit,growth_per_min,half_width_per_min,budget_per_min',
  );
  const [date, commit, , outcome, metric, verdict, , growth] = (lines[1] as string).split(',');
  expect([date, commit, outcome, metric, verdict]).toEqual([
    '2026-01-01T01:00:00.000Z',
    '4f1c2d3',
    'failed',
    'live-heap',
    'fail',
  ]);
  expect(Number(growth) / 2 ** 20).toBeCloseTo(8, 1);
  expect(lines[4]).toBe('2026-01-01T01:00:00.000Z,4f1c2d3,udp-flood,broken,,,,,,');
});

test('nights without an answer are counted from one start of the script to the next', () => {
  const verdict = { ...verdictOf(0), verdict: 'inconclusive' } as const;
  openHistory(at()).add(rowOf(verdict, undefined, 2), night);
  expect(openHistory(at()).inconclusiveNights('udp-flood')).toBe(2);
  expect(openHistory(at()).inconclusiveNights('dns-mix')).toBe(0);
});
