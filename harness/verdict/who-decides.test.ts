import { expect, test } from 'vitest';
import type { Budget } from '../core/budget.js';
import type { MetricName } from '../core/metric.js';
import { decides, sayOf } from './who-decides.js';

const budget = (metric: MetricName, explicit = false): Budget => ({ metric, growthPerMin: 1, explicit });

test.each([
  ['live-heap', 'full', 'full'],
  ['external', 'full', 'none'],
  ['array-buffers', 'full', 'none'],
  ['fds', 'full', 'full'],
  ['threads', 'full', 'full'],
  ['handles', 'full', 'full'],
  ['rss', 'fail-only', 'full'],
  ['sockets', 'full', 'full'],
  ['pss', 'none', 'none'],
  ['cpu', 'none', 'none'],
  ['heap-used', 'none', 'none'],
  ['heap-total', 'none', 'none'],
] as const)(
  '%s has say %s with live heap and %s without, and full when named',
  (metric, withHeap, without) => {
    expect(sayOf(budget(metric), true)).toBe(withHeap);
    expect(sayOf(budget(metric), false)).toBe(without);
    expect(sayOf(budget(metric, true), true)).toBe('full');
  },
);

test('a metric that may only fail decides nothing else', () => {
  expect([
    decides('fail-only', 'fail'),
    decides('fail-only', 'inconclusive'),
    decides('none', 'fail'),
  ]).toEqual([true, false, false]);
});
