import type { Budget } from '../core/budget.js';
import { inMetricOrder } from '../core/metric.js';

const MIB = 2 ** 20;

/**
 * The RSS growth accepted by default, bytes per minute. RSS moves by itself (arenas, garbage not yet
 * collected): measured over 28 s its interval is ± 8 MiB/min, over 120 s ± 0.7 to 3, so a short run cannot
 * hold it to what a long one can.
 */
export function defaultRssBudgetPerMin(durationMs: number): number {
  if (durationMs < 60_000) return 8 * MIB;
  return durationMs < 300_000 ? 4 * MIB : MIB;
}

/**
 * The budgets of a run, in the order of the metrics: what the user named wins over the scenario's default,
 * that over the default for RSS by duration. Of several explicit ones for a metric the last counts, as with
 * any repeated flag.
 */
export function resolveBudgets(
  explicit: readonly Budget[],
  defaults: readonly Budget[],
  durationMs: number,
): Budget[] {
  const rss: Budget = { metric: 'rss', growthPerMin: defaultRssBudgetPerMin(durationMs), explicit: false };
  const byMetric = new Map([rss, ...defaults, ...explicit].map((budget) => [budget.metric, budget]));
  return inMetricOrder(byMetric);
}
