import { expect, test } from 'vitest';
import { parseBenchArguments } from './arguments.js';
import { f1, precision, recall, scoreOf, undecidedShare, wrongShare } from './scores.js';

test('an undecided leak is a missed one, a grey trace counts for nothing', () => {
  const score = scoreOf([
    { label: 'leak', outcome: 'fail' },
    { label: 'leak', outcome: 'fail' },
    { label: 'leak', outcome: 'inconclusive' },
    { label: 'leak', outcome: 'pass' },
    { label: 'ok', outcome: 'fail' },
    { label: 'ok', outcome: 'pass' },
    { label: 'grey', outcome: 'fail' },
  ]);
  expect([precision(score), recall(score)]).toEqual([2 / 3, 1 / 2]);
  expect(f1(score)).toBeCloseTo(4 / 7, 12);
  expect([wrongShare(score), undecidedShare(score)]).toEqual([2 / 5, 1 / 6]);
});

test('a benchmark is named by study, seeds, durations and families', () => {
  const args = [
    '--policy',
    '--first',
    '10',
    '--count',
    '2',
    '--durations',
    '60,126000',
    '--families',
    'wide,fd',
  ];
  expect(parseBenchArguments(args)).toEqual({
    study: 'policy',
    seeds: [10, 11],
    durations: [
      { sec: 60, hz: 1 },
      { sec: 126_000, hz: 0.1 },
    ],
    families: ['load_trend', 'two_periods', 'process_tree', 'map_cycles', 'idle_leak', 'fd'],
  });
  expect(parseBenchArguments(['--help'])).toBeNull();
  expect(() => parseBenchArguments(['--families', 'moon'])).toThrow(RangeError);
  expect(() => parseBenchArguments(['--count', '0'])).toThrow(RangeError);
});
