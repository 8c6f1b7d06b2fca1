import { expect, test } from 'vitest';
import { parseMetricBudget, parseMetricCeiling } from './metric-limits.js';

test('a gauge has a budget and a ceiling, by any name: labels hold equals signs of their own', () => {
  expect(parseMetricBudget('gauge.jobs{queue="mail"}=10/min')).toEqual({
    metric: 'gauge.jobs{queue="mail"}',
    growthPerMin: 10,
    explicit: true,
  });
  expect(parseMetricCeiling('gauge.ratio=.5')).toEqual({ metric: 'gauge.ratio', value: 0.5, explicit: true });
});

test('a gauge may count bytes, so that byte units are understood', () => {
  expect(parseMetricBudget('gauge.go.heap_inuse=1MiB/min').growthPerMin).toBe(2 ** 20);
  expect(parseMetricCeiling('gauge.go.heap_inuse=64MiB').value).toBe(64 * 2 ** 20);
});

test.each([
  ['gauge.=1/min', /unknown metric "gauge\."/],
  ['gauge.a=1', /is not a growth rate/],
  ['gauge.a=1furlong/min', /need one of B, kB/],
])('%s is refused', (text, message) => {
  expect(() => parseMetricBudget(text)).toThrow(message);
});

test('a level that is no number is refused', () => {
  expect(() => parseMetricCeiling('gauge.a=many')).toThrow(/is not a size above zero/);
  expect(() => parseMetricCeiling('fds=1.5')).toThrow(/is not a number above zero/);
});
