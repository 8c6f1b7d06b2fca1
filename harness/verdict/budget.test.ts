import { expect, test } from 'vitest';
import type { Budget } from '../core/budget.js';
import type { MetricName } from '../core/metric.js';
import { defaultRssBudgetPerMin, resolveBudgets } from './budget.js';
import { MIB } from './fixtures/recording-builder.js';

const budget = (metric: MetricName, growthPerMin: number, explicit = false): Budget => ({
  metric,
  growthPerMin,
  explicit,
});

test('RSS is held to less the longer the run', () => {
  expect([40_000, 59_999, 60_000, 299_999, 300_000].map((ms) => defaultRssBudgetPerMin(ms) / MIB)).toEqual([
    8, 8, 4, 4, 1,
  ]);
});

test('explicit budgets override the scenario, which overrides the RSS default, in a fixed order', () => {
  const resolved = resolveBudgets(
    [budget('fds', 3, true), budget('heap-used', 5, true)],
    [budget('fds', 1), budget('live-heap', 2)],
    40_000,
  );
  expect(resolved).toEqual([
    budget('live-heap', 2),
    budget('fds', 3, true),
    budget('rss', 8 * MIB),
    budget('heap-used', 5, true),
  ]);
  expect(resolveBudgets([], [budget('rss', 7)], 40_000)).toEqual([budget('rss', 7)]);
  expect(resolveBudgets([budget('rss', 1, true), budget('rss', 2, true)], [], 1)).toEqual([
    budget('rss', 2, true),
  ]);
});
