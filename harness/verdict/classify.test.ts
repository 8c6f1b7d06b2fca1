import { expect, test } from 'vitest';
import type { MetricName } from '../core/metric.js';
import type { MetricVerdict } from '../core/verdict.js';
import { classifyGrowth } from './classify.js';

const failing = (...names: MetricName[]): MetricVerdict[] =>
  (['live-heap', 'array-buffers', 'fds', 'rss'] as const).map(
    (metric) =>
      ({ metric, decides: true, verdict: names.includes(metric) ? 'fail' : 'pass' }) as MetricVerdict,
  );

test.each([
  [[], []],
  [['live-heap'], ['js-heap']],
  [['live-heap', 'rss'], ['js-heap']],
  [['array-buffers', 'rss'], ['buffers']],
  [['rss'], ['native-or-fragmentation']],
  [['fds'], ['descriptors']],
  [
    ['rss', 'fds'],
    ['native-or-fragmentation', 'descriptors'],
  ],
] as const)('%j failing is %j', (metrics, kinds) => {
  expect(classifyGrowth(failing(...metrics)).map(({ kind }) => kind)).toEqual(kinds);
});

test('a metric that does not decide witnesses nothing', () => {
  const shown = failing('rss').map((metric) => ({ ...metric, decides: false }));
  expect(classifyGrowth(shown)).toEqual([]);
});
