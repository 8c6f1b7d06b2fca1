import type { Budget } from '../core/budget.js';
import type { ComparisonOutcome, MetricComparison, Pair } from '../core/comparison.js';
import { metricInfo } from '../core/metric.js';
import {
  differenceOf,
  type Estimate,
  halfWidthOf,
  minimumDetectable,
  probabilityAbove,
} from '../stats/difference.js';
import { compareLevels } from './compare-levels.js';
import { comparedReason, uncomparedReason } from './compare-reason.js';
import {
  type GrowthEstimate,
  type JudgedRecording,
  type MeasuredRun,
  meanOf,
  measureRun,
  sideOf,
} from './compare-side.js';
import { ROUNDING_SIGMAS } from './detection-floor.js';
import { FAIL_PROBABILITY, MIN_PASS_SAMPLES, PASS_PROBABILITY } from './thresholds.js';
import type { Say } from './who-decides.js';

/**
 * One metric of pairs of runs: the mean difference of their growth rates against the after run's budget as
 * tolerance; beside it what levels and peaks did. A clear change needs 8 readings in every run that is compared,
 * "no difference" 20 in each of all runs.
 */
export function compareMetric(
  judged: readonly Pair<JudgedRecording>[],
  tolerance: Budget,
  say: Say,
): MetricComparison {
  const { unit } = metricInfo(tolerance.metric);
  const pairs = judged.map(({ before, after }) => ({
    before: measureRun(before, tolerance),
    after: measureRun(after, tolerance),
  }));
  const [before, after] = [sideOf(pairs.map((pair) => pair.before)), sideOf(pairs.map((pair) => pair.after))];
  const { noise, ...levels } = compareLevels(pairs);
  const growths = pairs.map(growthPair);
  const measured = growths.filter((growth) => growth !== null);
  const differences = growths.map((growth) => growth && differenceOf(growth.before, growth.after));
  const mean = meanOf(differences.filter((difference) => difference !== null));
  const common = {
    metric: tolerance.metric,
    unit,
    before,
    after,
    tolerancePerMin: tolerance.growthPerMin,
    pairs: differences.map((difference) => difference && intervalOf(difference)),
    ...levels,
  };
  if (mean === null) {
    return {
      ...common,
      outcome: 'inconclusive',
      decides: say === 'full',
      differencePerMin: null,
      halfWidthPerMin: null,
      effectSize: null,
      detectionFloorPerMin: null,
      pRegressed: null,
      pImproved: null,
      reason: uncomparedReason(tolerance, pairs),
    };
  }
  const figures = {
    ...intervalOf(mean),
    pRegressed: probabilityAbove(mean, tolerance.growthPerMin),
    pImproved: probabilityAbove({ ...mean, value: -mean.value }, tolerance.growthPerMin),
    detectionFloorPerMin: floorOf(mean, measured, tolerance),
  };
  const complete =
    measured.length === pairs.length && Math.min(before.samples, after.samples) >= MIN_PASS_SAMPLES;
  const outcome = withheld(outcomeOf(figures, complete), measured);
  return {
    ...common,
    ...figures,
    outcome,
    decides: say === 'full' || (say === 'fail-only' && outcome === 'regressed'),
    effectSize: noise === null ? null : (mean.value * minutesOf(measured)) / noise,
    reason: comparedReason(tolerance, figures, outcome),
  };
}

function growthPair({ before, after }: Pair<MeasuredRun>): Pair<GrowthEstimate> | null {
  return before.growth === null || after.growth === null
    ? null
    : { before: before.growth, after: after.growth };
}

function intervalOf(estimate: Estimate): { differencePerMin: number; halfWidthPerMin: number } {
  return { differencePerMin: estimate.value, halfWidthPerMin: halfWidthOf(estimate) };
}

/** Mean length of the windows that growth was seen over. */
function minutesOf(pairs: readonly Pair<GrowthEstimate>[]): number {
  const minutes = pairs.flatMap(({ before, after }) => [before.minutes, after.minutes]);
  return minutes.reduce((total, length) => total + length, 0) / minutes.length;
}

/** The tolerance and what lies beyond it unseen; each of the runs is rounded by its source. */
function floorOf(mean: Estimate, pairs: readonly Pair<GrowthEstimate>[], tolerance: Budget): number {
  const { resolution } = metricInfo(tolerance.metric);
  const rounding = (ROUNDING_SIGMAS * resolution) / minutesOf(pairs);
  return tolerance.growthPerMin + minimumDetectable(mean, rounding * Math.sqrt(2 / pairs.length));
}

/** Growth that the guards withhold of half of the runs alone (it was released again) makes no change. */
function withheld(outcome: ComparisonOutcome, pairs: readonly Pair<GrowthEstimate>[]): ComparisonOutcome {
  if (outcome !== 'regressed' && outcome !== 'improved') return outcome;
  const doubtful = pairs.filter((pair) => (outcome === 'regressed' ? pair.after : pair.before).guarded);
  return 2 * doubtful.length >= pairs.length ? 'inconclusive' : outcome;
}

function outcomeOf(
  { pRegressed, pImproved }: { pRegressed: number; pImproved: number },
  complete: boolean,
): ComparisonOutcome {
  if (pRegressed >= FAIL_PROBABILITY) return 'regressed';
  if (pImproved >= FAIL_PROBABILITY) return 'improved';
  const excluded = pRegressed <= PASS_PROBABILITY && pImproved <= PASS_PROBABILITY;
  return excluded && complete ? 'no-difference' : 'inconclusive';
}
