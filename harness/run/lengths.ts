import type { MetricName } from '../core/metric.js';
import type { Scenario } from './scenario.js';

/** Forms of a scenario beside its own: one for a matrix of many in minutes, one for a night. */
export const LENGTHS = ['quick', 'nightly'] as const;
export type Length = (typeof LENGTHS)[number];

const QUICK = { durationMs: 28_000, warmUpMs: 5_000, drainMs: 3_000, sampleEveryMs: 250 } as const;
const NIGHTLY_MS = 10 * 60_000;

/**
 * Twenty seconds of a busy machine tell live heap to ± 1 or 2 MiB/min and the open descriptors of clients that come and
 * go to ± 20 /min. What the built-in node's faults leak is ten times that.
 */
const QUICK_BUDGET_FACTOR = 4;

/** What a quick run is judged by, beside what the scenario is about. */
const QUICK_METRICS: readonly MetricName[] = ['live-heap', 'fds'];

/** What a form says of a run's times; what it leaves out has its usual default. */
export interface Times {
  readonly durationMs?: number;
  readonly warmUpMs?: number;
  readonly drainMs?: number;
  readonly sampleEveryMs?: number;
}

/** The times of a form; null for the scenario's own. */
export function timesOf({ defaults }: Scenario, length: Length | null): Times {
  switch (length) {
    case 'quick':
      return QUICK;
    case 'nightly':
      return { durationMs: defaults.nightlyMs ?? NIGHTLY_MS };
    case null:
      return {};
  }
}

/** A scenario's budget as a quick run can hold a target to it; null for one that it leaves out. What decides stays as it is. */
export function quickBudget(metric: MetricName, growthPerMin: number, decisive: boolean): number | null {
  if (decisive) return growthPerMin;
  return QUICK_METRICS.includes(metric) ? QUICK_BUDGET_FACTOR * growthPerMin : null;
}
