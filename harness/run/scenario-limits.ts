import type { Budget } from '../core/budget.js';
import type { MetricLevel, RunPlan } from '../core/manifest.js';
import { METRIC_NAMES, type MetricName } from '../core/metric.js';
import { quickBudget } from './lengths.js';
import type { Scenario } from './scenario.js';
import type { TargetSpec } from './target-spec.js';

/**
 * A descriptor cannot be split, nor can a receive buffer (64 KiB, libuv's slab): a leak of one a minute shows as one
 * step a minute, and a window of half a minute that saw none excludes nothing. A default budget allows this many
 * steps in the steady load.
 */
const DECIDABLE_STEPS = 4;

/** Size of the smallest step by metric; what is not named here grows in steps too small to matter. */
const STEPS: Readonly<Partial<Record<MetricName, number>>> = {
  fds: 1,
  sockets: 1,
  threads: 1,
  handles: 1,
  external: 64 * 1024,
  'array-buffers': 64 * 1024,
};

/**
 * The scenario's budgets, raised in short runs to what can be decided there. What a scenario says that only our own
 * node keeps to counts for nobody else.
 */
export function scenarioBudgets(
  scenario: Scenario,
  target: TargetSpec,
  steadyMs: number,
  isQuick: boolean,
): readonly Budget[] {
  const { ofNode = {} } = scenario;
  const decisive = target.kind === 'built-in' ? (ofNode.budgets ?? {}) : {};
  return METRIC_NAMES.flatMap((metric) => {
    const stated = decisive[metric] ?? scenario.budgets[metric];
    if (stated === undefined) return [];
    const decidable = (DECIDABLE_STEPS * (STEPS[metric] ?? 0)) / (steadyMs / 60_000);
    const explicit = decisive[metric] !== undefined;
    const full = Math.max(stated, decidable);
    const growthPerMin = isQuick ? quickBudget(metric, full, explicit) : full;
    return growthPerMin === null ? [] : [{ metric, growthPerMin, explicit }];
  });
}

/** What the run promises of our own node beside growth; nothing is known of another target. */
export function nodePromises({ ofNode }: Scenario, target: TargetSpec): Pick<RunPlan, 'levels' | 'services'> {
  if (target.kind !== 'built-in' || ofNode === undefined) return { levels: [], services: [] };
  const levels = METRIC_NAMES.flatMap((metric): MetricLevel[] => {
    const value = ofNode.levels?.[metric];
    return value === undefined ? [] : [{ metric, value }];
  });
  return { levels, services: ofNode.services ?? [] };
}
