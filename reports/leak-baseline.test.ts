import { describe, expect, test } from 'vitest';
import type { HarnessError } from '../harness/core/errors.js';
import { baselineOf, knownLeak } from '../harness/verdict/known-leaks/fixtures/known-leaks.js';
import { leakBaselineJson, parseLeakBaseline } from './leak-baseline.js';

const SOURCE = '--baseline leaks.json';
const entry = { ...knownLeak() };
const fileOf = (...knownLeaks: readonly object[]): string => JSON.stringify({ schemaVersion: 1, knownLeaks });

function refusal(text: string): HarnessError {
  try {
    parseLeakBaseline(text, SOURCE);
  } catch (error) {
    return error as HarnessError;
  }
  throw new Error('it was taken for a baseline');
}

test('what is written is read back to the letter, and reads well in a review', () => {
  const baseline = baselineOf(knownLeak({ growthPerOp: 12.5 }), knownLeak({ command: 'npm start' }));
  const text = leakBaselineJson(baseline);
  expect(parseLeakBaseline(text, SOURCE)).toEqual(baseline);
  expect(leakBaselineJson(parseLeakBaseline(text, SOURCE))).toBe(text);
  expect(text).toMatch(/^ {6}"reason": "mended with the new cache, issue 12",$/m);
  expect(text.endsWith('}\n')).toBe(true);
});

describe('a file that is no baseline is a usage error that names flag, file and next move', () => {
  test.each<[string, string, RegExp]>([
    ['empty', ' \n', /is empty: take it back from version control/],
    ['cut off', leakBaselineJson(baselineOf(knownLeak())).slice(0, 200), /is not JSON \(.*take it back/],
    ['with the marks of a merge', `<<<<<<< HEAD\n${fileOf(entry)}`, /is not JSON/],
    ['a list', '[]', /no baseline of leak-soak, the whole file/],
    ['null', 'null', /the whole file/],
    ['without a version', '{"knownLeaks":[]}', /schemaVersion/],
    [
      'of a later version',
      '{"schemaVersion":2}',
      /has schemaVersion 2.*knows 1: use the leak-soak that wrote it/,
    ],
    ['of a version that is a word', '{"schemaVersion":"1"}', /has schemaVersion "1"/],
    ['another file of ours', '{"schemaVersion":1,"scenario":"http"}', /knownLeaks/],
    ['an unknown metric', fileOf({ ...entry, metric: 'memory' }), /knownLeaks\.0\.metric: unknown metric/],
    ['no such day', fileOf({ ...entry, expires: '2026-02-30' }), /knownLeaks\.0\.expires: give a day/],
    ['a day of another country', fileOf({ ...entry, expires: '31.1.2026' }), /expires: give a day/],
    ['no reason', fileOf({ ...entry, reason: ' ' }), /reason: say why this leak may stay/],
    [
      'a reason that would obey to a terminal',
      fileOf({ ...entry, reason: 'a\u001b[2Jb' }),
      /write it in one line/,
    ],
    ['a growth of none', fileOf({ ...entry, growthPerMin: 0 }), /knownLeaks\.0\.growthPerMin/],
    ['a growth without a number', fileOf({ ...entry, growthPerMin: null }), /growthPerMin/],
    ['a slip of the pen', fileOf({ ...entry, expire: '2026-01-31' }), /"expire"/],
    [
      'two entries for one leak',
      fileOf(entry, entry),
      /knownLeaks\.1: a second entry for live-heap in udp-flood/,
    ],
  ])('%s', (_, text, message) => {
    const error = refusal(text);
    expect(error.message).toMatch(message);
    expect(error.message.startsWith(SOURCE)).toBe(true);
    expect(error.message).not.toContain('\n');
    expect(error.code).toBe('usage');
  });
});
