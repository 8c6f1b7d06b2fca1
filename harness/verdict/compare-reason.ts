import type { Budget } from '../core/budget.js';
import type { ComparisonOutcome, Pair } from '../core/comparison.js';
import { metricInfo } from '../core/metric.js';
import { formatGrowthWithInterval, formatRate } from '../core/units.js';
import type { MeasuredRun } from './compare-side.js';
import { type ReasonWords, unmeasuredReason } from './growth-outcome.js';
import { metricSays } from './metric-label.js';
import { MIN_FAIL_SAMPLES, MIN_PASS_SAMPLES, PASS_PROBABILITY } from './thresholds.js';

/** The figures that a sentence about a comparison needs. */
interface ReasonFigures {
  readonly differencePerMin: number;
  readonly halfWidthPerMin: number;
  readonly pRegressed: number;
  readonly detectionFloorPerMin: number;
  readonly doubt: string | null;
}

/** What to do when it cannot be told. */
const NEXT_MOVE = 'run longer (--duration) or more pairs (run --against, --pairs)';

const WORDS: ReasonWords = {
  subject: 'this comparison',
  place: 'in one of the runs',
  nextMove: 'repeat both with a longer --duration',
};

/** What became of a metric's growth from before to after, in one sentence. */
export function comparedReason(
  { metric, growthPerMin }: Budget,
  { differencePerMin, halfWidthPerMin, pRegressed, detectionFloorPerMin, doubt }: ReasonFigures,
  outcome: ComparisonOutcome,
): string {
  const { unit } = metricInfo(metric);
  const change = formatGrowthWithInterval(Math.abs(differencePerMin), halfWidthPerMin, unit, growthPerMin);
  const tolerance = `tolerance ${formatRate(growthPerMin, unit)}`;
  const floor = `≥ ${formatRate(detectionFloorPerMin, unit)}`;
  switch (outcome) {
    case 'regressed':
      return `${metricSays(metric, 'grows', 'grow')} faster than before by ${change} (${tolerance})`;
    case 'improved':
      return `${metricSays(metric, 'grows', 'grow')} slower than before by ${change} (${tolerance})`;
    case 'no-difference':
      return `${metricSays(metric, 'grows', 'grow')} as before within ${tolerance}: no difference seen; could have seen ${floor}`;
    case 'inconclusive': {
      const moved = `${formatGrowthWithInterval(differencePerMin, halfWidthPerMin, unit, growthPerMin)} (${tolerance}, could see ${floor})`;
      if (doubt !== null) {
        return `${metricSays(metric, 'grows', 'grow')} by ${moved} more than before, but ${doubt}: ${NEXT_MOVE}`;
      }
      return pRegressed <= PASS_PROBABILITY
        ? `${metricSays(metric, 'is', 'are')} not worse, but whether better cannot be told: ${moved}`
        : `${metricSays(metric, 'is', 'are')} too uncertain to compare: ${moved}: ${NEXT_MOVE}`;
    }
  }
}

/** Why no pair could be compared: the reason of the run that was read least. */
export function uncomparedReason(budget: Budget, pairs: readonly Pair<MeasuredRun>[]): string {
  const runs = pairs.flatMap(({ before, after }) => [before, after]);
  const [worst] = runs
    .flatMap(({ unmeasured }) => unmeasured ?? [])
    .sort((left, right) => left.samples - right.samples);
  if (worst !== undefined && worst.reason.kind !== 'too-few-samples') {
    return unmeasuredReason(worst, budget, WORDS);
  }
  return `only ${worst?.samples ?? 0} readings on one side; a comparison needs ${MIN_FAIL_SAMPLES}, and ${MIN_PASS_SAMPLES} to find no difference`;
}
