import { expect, test } from 'vitest';
import { buildRecording, MIB } from './fixtures/recording-builder.js';
import { judgeMetric } from './judge-metric.js';
import { judgedColumn } from './readings.js';
import { judgedWindow } from './window.js';

test('a metric is judged by the sum over the tree where that was read, else by the process', () => {
  expect(judgedColumn(buildRecording(), 'rss')).toBe('rss_bytes');
  const unread = buildRecording({ columns: { tree_rss_bytes: () => null } });
  expect(judgedColumn(unread, 'rss')).toBe('rss_bytes');
  const tree = buildRecording({ columns: { tree_rss_bytes: () => 200 * MIB, tree_fds: () => 30 } });
  expect(judgedColumn(tree, 'rss')).toBe('tree_rss_bytes');
  expect(judgedColumn(tree, 'live-heap')).toBe('live_heap_bytes');
});

test('a worker that leaks fails its parent', () => {
  const recording = buildRecording({
    columns: {
      tree_rss_bytes: (minutes) => (190 + 40 * minutes) * MIB,
      heap_physical_bytes: () => 40 * MIB,
    },
  });
  const budget = { metric: 'rss', growthPerMin: 4 * MIB, explicit: false } as const;
  const { verdict, growthPerMin } = judgeMetric(recording, budget, judgedWindow(recording), 'full', {});
  expect(verdict).toBe('fail');
  expect(Math.abs((growthPerMin ?? 0) / MIB - 40)).toBeLessThan(1);
});
