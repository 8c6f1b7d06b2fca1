import { expect, test } from 'vitest';
import { besideOf, NO_BASELINE, rowOf, verdictOf } from './fixtures/rows.js';
import { nightSummary } from './summary.js';

test('a good night is a line in the table, and nothing else', () => {
  const lines = nightSummary([rowOf(verdictOf(0), besideOf(0, 0))])
    .trimEnd()
    .split('\n');
  expect(lines.slice(2)).toEqual([
    '| scenario | night | what decided | beside the last good night |',
    '| --- | --- | --- | --- |',
    expect.stringMatching(/^\| udp-flood \| ✅ good \| live heap is flat: .* \| no difference \|$/),
  ]);
});

test('a leak is said with its rate, and the command that repeats it', () => {
  const verdict = { ...verdictOf(8), reproduce: 'leak-soak run --scenario udp-flood' };
  const text = nightSummary([rowOf(verdict)]);
  expect(text).toMatch(/❌ failed \| live heap rises [78](\.\d+)? ± /);
  expect(text).toContain('\n    leak-soak run --scenario udp-flood\n');
});

test('a regression within the budget is said in the words of the comparison', () => {
  const verdict = { ...verdictOf(0), verdict: 'pass' } as const;
  expect(nightSummary([rowOf(verdict, besideOf(0, 4))])).toMatch(
    /❌ regressed \| live heap .*\| regressed \|/,
  );
});

test('what a target says is never Markdown or HTML', () => {
  const message = 'said <img src=x> | **bold** [a](b)\nand more';
  const verdict = {
    ...verdictOf(0),
    verdict: 'fail',
    metrics: [],
    findings: [{ id: 'target-died', severity: 'error', message }],
  } as const;
  const line = nightSummary([rowOf(verdict)]).split('\n')[4] as string;
  expect(line).not.toMatch(/<img|\*\*|\[a\]/);
  expect(line.match(/\|/g)).toHaveLength(5);
});

test('nights without an answer are counted aloud', () => {
  const verdict = { ...verdictOf(0), verdict: 'inconclusive' } as const;
  expect(nightSummary([rowOf(verdict, NO_BASELINE, 2)])).toContain('- udp-flood: 2 by now');
});
