import type { Budget } from '../core/budget.js';
import type { MetricComparison, Pair, PairDifference } from '../core/comparison.js';
import { metricInfo } from '../core/metric.js';
import { differenceOf, type Estimate, halfWidthOf, minimumDetectable } from '../stats/difference.js';
import { type ComparedGrowth, compareGrowth, growthPair, minutesOf } from './compare-growth.js';
import { compareLevels } from './compare-levels.js';
import { comparedReason, uncomparedReason } from './compare-reason.js';
import { type JudgedRecording, type MeasuredRun, measureRun, sideOf } from './compare-side.js';
import { ROUNDING_SIGMAS } from './detection-floor.js';
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
  const { noise, ...levels } = compareLevels(pairs);
  const growth = compareGrowth(pairs, tolerance.growthPerMin);
  const common = {
    metric: tolerance.metric,
    unit,
    before: sideOf(pairs.map(({ before }) => before)),
    after: sideOf(pairs.map(({ after }) => after)),
    tolerancePerMin: tolerance.growthPerMin,
    pairs: pairs.map((pair) => pairDifference(pair, growth)),
    ...levels,
  };
  if (growth === null) {
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
      doubt: null,
      reason: uncomparedReason(tolerance, pairs),
    };
  }
  const { outcome, mean, used, pRegressed, pImproved, doubt } = growth;
  const figures = {
    ...intervalOf(mean),
    pRegressed,
    pImproved,
    detectionFloorPerMin: floorOf(growth, tolerance),
    doubt,
  };
  return {
    ...common,
    ...figures,
    outcome,
    decides: say === 'full' || (say === 'fail-only' && outcome === 'regressed'),
    effectSize: noise === null ? null : (mean.value * minutesOf(used)) / noise,
    reason: comparedReason(tolerance, figures, outcome),
  };
}

function pairDifference(runs: Pair<MeasuredRun>, growth: ComparedGrowth | null): PairDifference | null {
  const pair = growthPair(runs);
  if (pair === null || growth === null) return null;
  const { before, after } = pair;
  const leftOut = growth.used.every((used) => used.before !== before || used.after !== after);
  return { ...intervalOf(differenceOf(before, after)), leftOut };
}

function intervalOf(estimate: Estimate): { differencePerMin: number; halfWidthPerMin: number } {
  return { differencePerMin: estimate.value, halfWidthPerMin: halfWidthOf(estimate) };
}

/** The tolerance and what lies beyond it unseen; each of the runs is rounded by its source. */
function floorOf({ mean, used }: ComparedGrowth, tolerance: Budget): number {
  const { resolution } = metricInfo(tolerance.metric);
  const rounding = (ROUNDING_SIGMAS * resolution) / minutesOf(used);
  return tolerance.growthPerMin + minimumDetectable(mean, rounding * Math.sqrt(2 / used.length));
}
