import { expect, test } from 'vitest';
import { HarnessError } from './errors.js';
import { parseMetricBudget } from './metric-limits.js';
import {
  closestFirst,
  formatBytes,
  formatDuration,
  formatGrowth,
  formatGrowthWithInterval,
  formatQuantity,
  formatRate,
  parseBytes,
  parseDuration,
  parseGrowth,
} from './units.js';

const RANGE = { name: '--duration', minMs: 1, maxMs: 48 * 3600e3 };

/** The message of the usage error that a call must throw. */
function refusal(call: () => unknown): string {
  try {
    call();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(HarnessError);
    expect((thrown as HarnessError).code).toBe('usage');
    return (thrown as HarnessError).message;
  }
  return expect.fail('nothing was thrown');
}

test('byte units count in 1000 with a decimal prefix and in 1024 with a binary one', () => {
  expect(['512B', '2kB', '1.5MB', '1GB', '1KiB', '4MiB', '.5GiB'].map((text) => parseBytes(text))).toEqual([
    512,
    2000,
    1.5e6,
    1e9,
    1024,
    4 * 2 ** 20,
    2 ** 29,
  ]);
});

test.each(['', '4', 'MiB', '4mb', '-4MiB', '0MiB', '1e3B', 'NaNB', '4 M'])('%o is no size', (text) => {
  expect(refusal(() => parseBytes(text, '--size'))).toMatch(/^--size ".*KiB, MiB, GiB, e\.g\. 64MiB$/);
});

test('durations take each unit and several in a row', () => {
  const texts = ['500ms', '40s', '5m', '5min', '2h', '1m30s', '1.5h', '1h30min10s500ms'];
  expect(texts.map((text) => parseDuration(text, RANGE))).toEqual([
    500, 40_000, 300_000, 300_000, 7_200_000, 90_000, 5_400_000, 5_410_500,
  ]);
});

test.each(['', '40', 's', '-5s', '4d', 'Infinitys', '1e9s', '5 s', 's5'])('%o is no duration', (text) => {
  expect(refusal(() => parseDuration(text, RANGE))).toContain(
    'is not a duration: write a number with ms, s, m',
  );
});

test.each(['0s', '49h', '0.1ms'])('%s is out of range and the range is named', (text) => {
  expect(refusal(() => parseDuration(text, RANGE))).toBe(
    `--duration "${text}" is out of range: give between 1 ms and 48 h`,
  );
});

test('growth rates come in base units per minute', () => {
  expect(parseGrowth('1MiB/min', 'bytes')).toBe(2 ** 20);
  expect(parseGrowth('3MB/h', 'bytes')).toBe(50_000);
  expect(parseGrowth('200KiB/s', 'bytes')).toBe(200 * 1024 * 60);
  expect(parseGrowth('1/min', 'count')).toBe(1);
  expect(parseGrowth('30/h', 'count')).toBe(0.5);
  expect(parseGrowth('5%/min', 'percent')).toBe(5);
});

test('a growth rate must fit the metric and be above zero', () => {
  expect(refusal(() => parseGrowth('1/min', 'bytes'))).toContain('bytes need one of B, kB');
  expect(refusal(() => parseGrowth('1MiB/min', 'count'))).toContain('a count has no unit "MiB"');
  expect(refusal(() => parseGrowth('5/min', 'percent'))).toContain('a percentage needs its sign');
  expect(refusal(() => parseGrowth('5%/min', 'count'))).toContain('a count has no unit "%"');
  expect(refusal(() => parseGrowth('1MiB/day', 'bytes'))).toContain('"/day" is not a time');
  expect(refusal(() => parseGrowth('0MiB/min', 'bytes'))).toContain('above zero');
  expect(refusal(() => parseGrowth('-1/min', 'count'))).toContain('is not a growth rate');
  expect(refusal(() => parseGrowth('1MiB', 'bytes'))).toContain('write 1MiB/min or 200KiB/s');
});

test('a budget on the command line is explicit', () => {
  expect(parseMetricBudget('rss=1MiB/min')).toEqual({ metric: 'rss', growthPerMin: 2 ** 20, explicit: true });
  expect(parseMetricBudget('fds=1/min')).toEqual({ metric: 'fds', growthPerMin: 1, explicit: true });
});

test('a budget says what is wrong with it', () => {
  expect(refusal(() => parseMetricBudget('rss'))).toContain('is not METRIC=RATE');
  expect(refusal(() => parseMetricBudget('=1/min'))).toContain('is not METRIC=RATE');
  expect(refusal(() => parseMetricBudget('live_heap=1MiB/min'))).toContain('did you mean live-heap?');
  expect(refusal(() => parseMetricBudget('fds=1MiB/min'))).toContain('--max-growth fds "1MiB/min"');
});

test('names are offered by how little they differ from what was typed', () => {
  expect(closestFirst('fd', ['rss', 'threads', 'fds'])[0]).toBe('fds');
});

test('bytes read in the binary unit that suits them', () => {
  expect([0, 512, 8_283_750, -1024, 2 ** 30 * 1.5].map(formatBytes)).toEqual([
    '0 B',
    '512 B',
    '7.9 MiB',
    '-1 KiB',
    '1.5 GiB',
  ]);
  expect(formatQuantity(22.5, 'count')).toBe('22.5');
  expect(formatQuantity(2048, 'bytes')).toBe('2 KiB');
  expect(formatQuantity(12.34, 'percent')).toBe('12.3 %');
});

test('growth carries its sign, a rate only a minus', () => {
  expect(formatGrowth(72.3 * 2 ** 20, 'bytes')).toBe('+72.3 MiB/min');
  expect(formatGrowth(-0.4, 'count')).toBe('-0.4 /min');
  expect(formatGrowth(0.001, 'count')).toBe('0 /min');
  expect(formatGrowth(5, 'percent')).toBe('+5 %/min');
  expect(formatRate(2 ** 20, 'bytes')).toBe('1 MiB/min');
});

test('a growth and its half-width share one unit', () => {
  expect(formatGrowthWithInterval(72.3 * 2 ** 20, 1.2 * 2 ** 20, 'bytes')).toBe('72.3 ± 1.2 MiB/min');
  expect(formatGrowthWithInterval(2e4, 1.15e5, 'bytes')).toBe('19.5 ± 112.3 KiB/min');
  expect(formatGrowthWithInterval(2e4, 1.15e5, 'bytes', 2 ** 20)).toBe('0.02 ± 0.11 MiB/min');
  expect(formatGrowthWithInterval(2 ** 20, 100, 'bytes')).toBe('1 ± <0.01 MiB/min');
  expect(formatGrowthWithInterval(0, 0, 'count')).toBe('0 ± 0 /min');
});

test('durations read in at most two units', () => {
  expect([350, 1500, 40_000, 90_000, 7_200_000, 5_410_500].map(formatDuration)).toEqual([
    '350 ms',
    '1.5 s',
    '40 s',
    '1 min 30 s',
    '2 h',
    '1 h 30 min',
  ]);
});
