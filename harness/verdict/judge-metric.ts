import type { Budget } from '../core/budget.js';
import { type MetricUnit, metricInfo } from '../core/metric.js';
import type { Recording, Series, TimeWindow } from '../core/recording.js';
import { formatGrowthWithInterval, formatRate } from '../core/units.js';
import type { MetricOutcome, MetricVerdict } from '../core/verdict.js';
import { fitTrend, type Trend } from '../stats/trend.js';
import { detectionFloor } from './detection-floor.js';
import { metricSays } from './metric-label.js';
import { metricLevels, metricSeries } from './readings.js';
import { rssDoubt, settlingPerMin } from './rss-doubt.js';
import { FAIL_PROBABILITY, MIN_FAIL_SAMPLES, MIN_PASS_SAMPLES, PASS_PROBABILITY } from './thresholds.js';
import { decides, type Say } from './who-decides.js';
import { offeredPerMin } from './window.js';

const NEXT_MOVE = 'run longer or sample faster (--duration, --sample-every)';

/**
 * Growth of one metric in the judged window against its budget.
 *
 * Fails when the growth exceeds the budget with 95 % probability and its interval clears it, from 8 readings;
 * passes when it does so with at most 5 % and the interval stays below, from 20; else inconclusive.
 */
export function judgeMetric(
  recording: Recording,
  budget: Budget,
  window: TimeWindow | null,
  say: Say,
): MetricVerdict {
  const info = metricInfo(budget.metric);
  const series = metricSeries(recording, budget.metric, window);
  const samples = series.values.length;
  const common = {
    metric: budget.metric,
    unit: info.unit,
    budgetPerMin: budget.growthPerMin,
    samples,
    windowMs: spanOf(series),
    levels: metricLevels(recording, budget.metric, window),
  };
  const trend = samples < MIN_FAIL_SAMPLES ? null : fitTrend(series, info.resolution);
  if (trend === null || window === null) {
    return {
      ...common,
      verdict: 'inconclusive',
      decides: decides(say, 'inconclusive'),
      growthPerMin: null,
      halfWidthPerMin: null,
      pExceeds: null,
      detectionFloorPerMin: null,
      growthPerOp: null,
      reason: `${metricSays(budget.metric, 'has', 'have')} ${tooFewReadings(samples)}`,
    };
  }
  const pExceeds = trend.pExceeds(budget.growthPerMin);
  const settling = budget.metric === 'rss' && !budget.explicit ? settlingPerMin(window) : 0;
  const floor = Math.max(
    settling,
    detectionFloor(budget.growthPerMin, trend.sePerMin, info.resolution, minutesOf(series)),
  );
  const whole = outcomeOf(trend, budget.growthPerMin, pExceeds);
  const doubt = whole === 'fail' ? rssDoubt(recording, window, budget, clearlyExceeds) : null;
  const verdict = doubt === null ? whole : 'inconclusive';
  const offered = offeredPerMin(recording, window);
  return {
    ...common,
    verdict,
    decides: decides(say, verdict),
    growthPerMin: trend.slopePerMin,
    halfWidthPerMin: trend.halfWidthPerMin,
    pExceeds,
    detectionFloorPerMin: floor,
    growthPerOp: offered === null ? null : trend.slopePerMin / offered,
    reason: [reasonFor(budget, info.unit, trend, floor, whole), doubt].filter(Boolean).join(', '),
  };
}

function outcomeOf(trend: Trend, budgetPerMin: number, pExceeds: number): MetricOutcome {
  if (clearlyExceeds(trend, budgetPerMin)) return 'fail';
  const highest = trend.slopePerMin + trend.halfWidthPerMin;
  const enough = trend.samples >= MIN_PASS_SAMPLES;
  if (enough && pExceeds <= PASS_PROBABILITY && highest < budgetPerMin) return 'pass';
  return 'inconclusive';
}

function clearlyExceeds(trend: Trend, budgetPerMin: number): boolean {
  const lowest = trend.slopePerMin - trend.halfWidthPerMin;
  return lowest > budgetPerMin && trend.pExceeds(budgetPerMin) >= FAIL_PROBABILITY;
}

function reasonFor(
  budget: Budget,
  unit: MetricUnit,
  trend: Trend,
  floor: number,
  verdict: MetricOutcome,
): string {
  const growth = formatGrowthWithInterval(
    trend.slopePerMin,
    trend.halfWidthPerMin,
    unit,
    budget.growthPerMin,
  );
  const limit = `budget ${formatRate(budget.growthPerMin, unit)}`;
  const sight = `this run could see ≥ ${formatRate(floor, unit)}`;
  const figures = `${growth}, ${limit} (${sight})`;
  if (verdict === 'fail') return `${metricSays(budget.metric, 'rises', 'rise')} ${figures}`;
  if (verdict === 'pass') return `${movement(budget, trend)} ${figures}`;
  if (trend.samples < MIN_PASS_SAMPLES) {
    return `${metricSays(budget.metric, 'grew', 'grew')} ${growth}, ${limit}, with ${tooFewReadings(trend.samples)}`;
  }
  return `${metricSays(budget.metric, 'grows', 'grow')} ${growth}, too uncertain for its ${limit} (${sight}): ${NEXT_MOVE}`;
}

/** How a metric within its budget moved: its interval decides whether that can be called flat. */
function movement(budget: Budget, trend: Trend): string {
  const { metric } = budget;
  if (Math.abs(trend.slopePerMin) <= trend.halfWidthPerMin || trend.slopePerMin === 0) {
    return `${metricSays(metric, 'is', 'are')} flat:`;
  }
  if (trend.slopePerMin < 0) return `${metricSays(metric, 'falls', 'fall')}:`;
  return `${metricSays(metric, 'rises', 'rise')} within its budget:`;
}

function tooFewReadings(samples: number): string {
  const read = samples === 0 ? 'no reading' : `only ${samples} reading${samples === 1 ? '' : 's'}`;
  return `${read} in the judged window; a pass needs ${MIN_PASS_SAMPLES}: ${NEXT_MOVE}`;
}

function spanOf({ elapsedMs }: Series): readonly [number, number] | null {
  const first = elapsedMs[0];
  const last = elapsedMs.at(-1);
  return first === undefined || last === undefined ? null : [first, last];
}

function minutesOf(series: Series): number {
  const [start, end] = spanOf(series) ?? [0, 0];
  return (end - start) / 60_000;
}
