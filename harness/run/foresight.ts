import type { RunPlan } from '../core/manifest.js';
import { metricInfo } from '../core/metric.js';
import type { Recording } from '../core/recording.js';
import { formatDuration, formatRate } from '../core/units.js';
import { durationNeededMs, MIN_NOISE_SAMPLES, measureNoise, smallestResolvable } from '../stats/planning.js';
import { metricSeries } from '../verdict/readings.js';
import { wholeRun } from '../verdict/window.js';
import { judgedSpanMs } from './timeline.js';

/**
 * What this run will be able to see, from the noise of live heap (RSS where it is not read) during warm-up: one
 * sentence, with a duration to choose where the planned one is too short, or with why nothing can be said yet. Null
 * for a metric without a budget.
 */
export function foresee(warmUp: Recording, plan: RunPlan): string | null {
  const metric = metricSeries(warmUp, 'live-heap', wholeRun(warmUp)).values.length > 0 ? 'live-heap' : 'rss';
  const budget = plan.budgets.find((candidate) => candidate.metric === metric);
  const { resolution, unit } = metricInfo(metric);
  if (budget === undefined) return null;
  const series = metricSeries(warmUp, metric, wholeRun(warmUp));
  const noise = measureNoise({ ...series, resolution });
  if (noise === null) {
    return (
      `what this run can tell will be known at its end: warm-up gave ${series.values.length} readings of ${metric}, ` +
      `and ${MIN_NOISE_SAMPLES} are needed to foresee it (--sample-every, --warm-up)`
    );
  }
  const excess = smallestResolvable(noise, judgedSpanMs(plan));
  const sight =
    `from the noise of warm-up this run can tell ${metric} growth of ${formatRate(excess, unit)} above its ` +
    `budget of ${formatRate(budget.growthPerMin, unit)}`;
  const neededMs = durationNeededMs(noise, budget.growthPerMin);
  if (neededMs <= judgedSpanMs(plan)) return sight;
  const suggested = plan.durationMs - judgedSpanMs(plan) + neededMs;
  return `${sight}: too coarse for that budget, take --duration ${formatDuration(roundUp(suggested)).replaceAll(' ', '')}`;
}

/** Up to the next ten seconds: a suggestion, not a measurement. */
function roundUp(ms: number): number {
  return Math.ceil(ms / 10_000) * 10_000;
}
