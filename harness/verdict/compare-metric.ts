import type { Budget } from '../core/budget.js';
import type { ComparedGrowth, ComparisonOutcome, MetricComparison } from '../core/comparison.js';
import { type MetricUnit, metricInfo } from '../core/metric.js';
import type { Recording, TimeWindow } from '../core/recording.js';
import { formatGrowthWithInterval, formatRate } from '../core/units.js';
import { assessGrowth } from '../stats/assess.js';
import type { MeasuredGrowth } from '../stats/assessment.js';
import { studentCdf, studentQuantile } from '../stats/math/student-t.js';
import { median, sortSamples } from '../stats/sorted-samples.js';
import { metricSays } from './metric-label.js';
import { metricReadings } from './readings.js';
import { FAIL_PROBABILITY, MIN_FAIL_SAMPLES, MIN_PASS_SAMPLES, PASS_PROBABILITY } from './thresholds.js';
import type { Say } from './who-decides.js';

/** A recording and the part of it that is judged. */
export interface JudgedRecording {
  readonly recording: Recording;
  readonly window: TimeWindow | null;
}

/**
 * One metric of two runs: the difference of their growth rates, taken as independent, against the
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
    const readings = { ...metricReadings(recording, tolerance.metric, window), resolution };
    const sorted = sortSamples(readings.values.filter((_, i) => readings.load[i] !== 0));
    const assessment = assessGrowth(readings, tolerance.growthPerMin, { minFailSamples: MIN_FAIL_SAMPLES });
    return {
      samples: assessment.samples,
      level: sorted === null ? null : median(sorted),
      trend: assessment.state === 'measured' ? assessment : null,
    };
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
  const outcome = withheld(outcomeOf(difference, samples), left.trend, right.trend);
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
  readonly trend: MeasuredGrowth | null;
}

interface Difference {
  readonly differencePerMin: number;
  readonly halfWidthPerMin: number;
  readonly pRegressed: number;
  readonly pImproved: number;
}

function growthOf({ samples, level, trend }: Side): ComparedGrowth {
  return {
    growthPerMin: trend?.growthPerMin ?? null,
    halfWidthPerMin: trend?.halfWidthPerMin ?? null,
    level,
    samples,
  };
}

function differenceOf(before: MeasuredGrowth, after: MeasuredGrowth, tolerance: number): Difference {
  const differencePerMin = after.growthPerMin - before.growthPerMin;
  const se = Math.hypot(before.sePerMin, after.sePerMin);
  const df = welchDegreesOfFreedom(before, after);
  return {
    differencePerMin,
    halfWidthPerMin: studentQuantile(0.95, df) * se,
    pRegressed: probabilityAbove(differencePerMin, tolerance, se, df),
    pImproved: probabilityAbove(-differencePerMin, tolerance, se, df),
  };
}

/**
 * Degrees of freedom of a difference of two estimates of unlike variance (Welch 1947, Satterthwaite 1946): near
 * those of the noisier side, so that a side which knows its growth almost exactly, but from few independent
 * readings, does not widen the interval of the other.
 */
function welchDegreesOfFreedom(before: MeasuredGrowth, after: MeasuredGrowth): number {
  const [left, right] = [before.sePerMin ** 2, after.sePerMin ** 2];
  if (left + right === 0) return Math.min(before.degreesOfFreedom, after.degreesOfFreedom);
  return (left + right) ** 2 / (left ** 2 / before.degreesOfFreedom + right ** 2 / after.degreesOfFreedom);
}

/** P(true value > limit) by Student's t; without error the comparison itself. */
function probabilityAbove(estimate: number, limit: number, se: number, df: number): number {
  if (se > 0) return studentCdf((estimate - limit) / se, df);
  return estimate > limit ? 1 : 0;
}

/** Growth that the guards withhold of one run alone (it was released again) makes no change between two. */
function withheld(
  outcome: ComparisonOutcome,
  before: MeasuredGrowth,
  after: MeasuredGrowth,
): ComparisonOutcome {
  const doubtful = outcome === 'regressed' ? after : outcome === 'improved' ? before : null;
  return doubtful !== null && doubtful.guards.length > 0 ? 'inconclusive' : outcome;
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
