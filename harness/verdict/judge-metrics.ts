import type { RunPlan } from '../core/manifest.js';
import { metricInfo } from '../core/metric.js';
import { lastReading, type Recording, type TimeWindow } from '../core/recording.js';
import type { MetricOutcome, MetricVerdict } from '../core/verdict.js';
import type { Warning } from '../core/warning.js';
import { type JudgeHints, judgeMetric } from './judge-metric.js';
import { nextMove } from './next-move.js';
import { hasLiveHeap } from './readings.js';
import { sayOf } from './who-decides.js';

/** Worse outcomes come first. */
const WORST_FIRST: readonly MetricOutcome[] = ['fail', 'inconclusive', 'pass'];

/** Chance of a false fail that a whole run may take, shared among its metrics (Bonferroni). */
const RUN_ERROR = 0.05;

/** What a run's plan says to the trend engine. */
function hintsOf(plan: RunPlan): JudgeHints {
  const { budgets, cleanupPeriodMs } = plan;
  return {
    nextMove: nextMove(plan),
    failProbability: 1 - RUN_ERROR / Math.max(1, budgets.length),
    ...(cleanupPeriodMs === null ? {} : { cleanupPeriodMs }),
  };
}

/**
 * A verdict per budget. A default budget on a metric that was never read is dropped, with a warning unless it means
 * nothing here: the heap of a process that showed none, which is no Node process or was said to have no agent.
 */
export function judgeMetrics(
  plan: RunPlan,
  recording: Recording,
  window: TimeWindow | null,
): { readonly metrics: readonly MetricVerdict[]; readonly dropped: readonly Warning[] } {
  const liveHeap = hasLiveHeap(recording, window);
  const heapRead = lastReading(recording, metricInfo('heap-used').column) !== null;
  const metrics: MetricVerdict[] = [];
  const dropped: Warning[] = [];
  const hints = hintsOf(plan);
  for (const budget of plan.budgets) {
    const verdict = judgeMetric(recording, budget, window, sayOf(budget, liveHeap), hints);
    if (verdict.samples > 0 || budget.explicit || window === null) {
      metrics.push(verdict);
      continue;
    }
    if (!heapRead && metricInfo(budget.metric).source === 'agent') continue;
    const message = `${budget.metric} was not read in this run, so its default budget says nothing: name it with --max-growth to insist`;
    dropped.push({ id: 'budget-dropped', concerns: 'note', message });
  }
  return { metrics, dropped };
}

/** The worst outcome among the metrics that decide; with none there is nothing to pass on. */
export function worstDeciding(metrics: readonly MetricVerdict[]): MetricOutcome {
  const outcomes = metrics.filter((metric) => metric.decides).map((metric) => metric.verdict);
  return WORST_FIRST.find((outcome) => outcomes.includes(outcome)) ?? 'inconclusive';
}
