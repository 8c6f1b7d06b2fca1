import type { Budget } from '../core/budget.js';
import type { ComparedGrowth, ComparisonOutcome, MetricComparison } from '../core/comparison.js';
import { type MetricUnit, metricInfo } from '../core/metric.js';
import type { Recording, TimeWindow } from '../core/recording.js';
import { formatGrowthWithInterval, formatRate } from '../core/units.js';
import { normalCdf, Z_95 } from '../stats/normal.js';
import { median, sortSamples } from '../stats/sorted-samples.js';
import { fitTrend, type Trend } from '../stats/trend.js';
import { metricSays } from './metric-label.js';
import { metricSeries } from './readings.js';
import { FAIL_PROBABILITY, MIN_FAIL_SAMPLES, MIN_PASS_SAMPLES, PASS_PROBABILITY } from './thresholds.js';
import type { Say } from './who-decides.js';

/** A recording and the part of it that is judged. */
export interface JudgedRecording {
  readonly recording: Recording;
  readonly window: TimeWindow | null;
}

/**
 * One metric of two runs: the difference of their growth rates, taken as independent and normal, against the
 * after run's budget as tolerance. A clear change needs 8 readings on both sides, "no difference" 20.
 */
export function compareMetric(
  before: JudgedRecording,
  after: JudgedRecording,
  tolerance: Budget,
  say: Say,
): MetricComparison {
  const { unit, resolution } = metricInfo(tolerance.metric);
  const [left, right] = [before, after].map(({ recording, window }) => {
    const series = metricSeries(recording, tolerance.metric, window);
    const sorted = sortSamples(series.values);
    const level = sorted === null ? null : median(sorted);
    return { samples: series.values.length, level, trend: fitTrend(series, resolution) };
  }) as [Side, Side];
  const common = {
    metric: tolerance.metric,
    unit,
    before: growthOf(left),
    after: growthOf(right),
    tolerancePerMin: tolerance.growthPerMin,
  };
  const samples = Math.min(left.samples, right.samples);
  if (left.trend === null || right.trend === null) {
    return {
      ...common,
      outcome: 'inconclusive',
      decides: say === 'full',
      differencePerMin: null,
      halfWidthPerMin: null,
      pRegressed: null,
      pImproved: null,
      reason: `only ${samples} readings on one side; a comparison needs ${MIN_FAIL_SAMPLES}, and ${MIN_PASS_SAMPLES} to find no difference`,
    };
  }
  const difference = differenceOf(left.trend, right.trend, tolerance.growthPerMin);
  const outcome = outcomeOf(difference, samples);
  return {
    ...common,
    ...difference,
    outcome,
    decides: say === 'full' || (say === 'fail-only' && outcome === 'regressed'),
    reason: reasonFor(tolerance, unit, difference, outcome),
  };
}

interface Side {
  readonly samples: number;
  readonly level: number | null;
  readonly trend: Trend | null;
}

interface Difference {
  readonly differencePerMin: number;
  readonly halfWidthPerMin: number;
  readonly pRegressed: number;
  readonly pImproved: number;
}

function growthOf({ samples, level, trend }: Side): ComparedGrowth {
  return {
    growthPerMin: trend?.slopePerMin ?? null,
    halfWidthPerMin: trend?.halfWidthPerMin ?? null,
    level,
    samples,
  };
}

function differenceOf(before: Trend, after: Trend, tolerance: number): Difference {
  const differencePerMin = after.slopePerMin - before.slopePerMin;
  const se = Math.hypot(before.sePerMin, after.sePerMin);
  return {
    differencePerMin,
    halfWidthPerMin: Z_95 * se,
    pRegressed: probabilityAbove(differencePerMin, tolerance, se),
    pImproved: probabilityAbove(-differencePerMin, tolerance, se),
  };
}

/** P(true value > limit) for an estimate with a normal error; without error the comparison itself. */
function probabilityAbove(estimate: number, limit: number, se: number): number {
  if (se > 0) return normalCdf((estimate - limit) / se);
  return estimate > limit ? 1 : 0;
}

function outcomeOf({ pRegressed, pImproved }: Difference, samples: number): ComparisonOutcome {
  if (pRegressed >= FAIL_PROBABILITY) return 'regressed';
  if (pImproved >= FAIL_PROBABILITY) return 'improved';
  const excluded = pRegressed <= PASS_PROBABILITY && pImproved <= PASS_PROBABILITY;
  return excluded && samples >= MIN_PASS_SAMPLES ? 'no-difference' : 'inconclusive';
}

function reasonFor(
  { metric, growthPerMin }: Budget,
  unit: MetricUnit,
  { differencePerMin, halfWidthPerMin, pRegressed }: Difference,
  outcome: ComparisonOutcome,
): string {
  const change = formatGrowthWithInterval(Math.abs(differencePerMin), halfWidthPerMin, unit, growthPerMin);
  const tolerance = `tolerance ${formatRate(growthPerMin, unit)}`;
  switch (outcome) {
    case 'regressed':
      return `${metricSays(metric, 'grows', 'grow')} faster than before by ${change} (${tolerance})`;
    case 'improved':
      return `${metricSays(metric, 'grows', 'grow')} slower than before by ${change} (${tolerance})`;
    case 'no-difference':
      return `${metricSays(metric, 'grows', 'grow')} as before within ${tolerance}`;
    case 'inconclusive': {
      const moved = `${formatGrowthWithInterval(differencePerMin, halfWidthPerMin, unit, growthPerMin)} (${tolerance})`;
      return pRegressed <= PASS_PROBABILITY
        ? `${metricSays(metric, 'is', 'are')} not worse, but whether better cannot be told: ${moved}`
        : `${metricSays(metric, 'is', 'are')} too uncertain to compare: ${moved}; run longer (--duration)`;
    }
  }
}
