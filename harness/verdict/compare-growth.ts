import type { ComparisonOutcome, Pair } from '../core/comparison.js';
import { differenceOf, type Estimate, probabilityAbove } from '../stats/difference.js';
import { type GrowthEstimate, type MeasuredRun, meanOf } from './compare-side.js';
import { FAIL_PROBABILITY, MIN_PASS_SAMPLES, PASS_PROBABILITY } from './thresholds.js';

/** Growth of both runs of a pair. */
export type GrowthPair = Pair<GrowthEstimate>;

/** How growth changed over the pairs that decide. */
export interface ComparedGrowth {
  readonly outcome: ComparisonOutcome;
  readonly mean: Estimate;
  readonly pRegressed: number;
  readonly pImproved: number;
  /** The pairs that the mean is of. */
  readonly used: readonly GrowthPair[];
  /** Why "no difference" cannot be claimed, whatever the figures; null when it can. */
  readonly doubt: string | null;
}

/** Growth of both runs; null when either could not be estimated. */
export function growthPair({ before, after }: Pair<MeasuredRun>): GrowthPair | null {
  return before.growth === null || after.growth === null
    ? null
    : { before: before.growth, after: after.growth };
}

/**
 * Compares growth by the pairs whose estimates the trend engine vouches for; where it does for none, by all that
 * were measured, and then a change is withheld unless the version after exceeds the tolerance by itself. Null when
 * no pair could be measured.
 */
export function compareGrowth(
  runs: readonly Pair<MeasuredRun>[],
  tolerancePerMin: number,
): ComparedGrowth | null {
  const measured = runs.map(growthPair).filter((pair) => pair !== null);
  const vouched = measured.filter(({ before, after }) => !before.guarded && !after.guarded);
  const used = vouched.length > 0 ? vouched : measured;
  const mean = meanOf(used.map(({ before, after }) => differenceOf(before, after)));
  if (mean === null) return null;
  const pRegressed = probabilityAbove(mean, tolerancePerMin);
  const pImproved = probabilityAbove({ ...mean, value: -mean.value }, tolerancePerMin);
  const doubt = doubtOf(runs, measured, tolerancePerMin);
  const outcome = outcomeOf(pRegressed, pImproved, doubt);
  const changed = outcome === 'regressed' || outcome === 'improved';
  const withheld = changed && vouched.length === 0 && !standsAlone(outcome, measured, tolerancePerMin);
  return { outcome: withheld ? 'inconclusive' : outcome, mean, pRegressed, pImproved, used, doubt };
}

function outcomeOf(pRegressed: number, pImproved: number, doubt: string | null): ComparisonOutcome {
  if (pRegressed >= FAIL_PROBABILITY) return 'regressed';
  if (pImproved >= FAIL_PROBABILITY) return 'improved';
  const excluded = pRegressed <= PASS_PROBABILITY && pImproved <= PASS_PROBABILITY;
  return excluded && doubt === null ? 'no-difference' : 'inconclusive';
}

/** Whether the faster side is vouched for, and grows beyond the tolerance whatever the doubtful other one did. */
function standsAlone(
  outcome: 'regressed' | 'improved',
  pairs: readonly GrowthPair[],
  tolerancePerMin: number,
): boolean {
  const faster = pairs.map((pair) => (outcome === 'regressed' ? pair.after : pair.before));
  return (exceedsAlone(faster, tolerancePerMin) ?? 0) >= FAIL_PROBABILITY;
}

/** P(growth > tolerance) of one side by those of its runs that are vouched for; null when none is. */
function exceedsAlone(side: readonly GrowthEstimate[], tolerancePerMin: number): number | null {
  const own = meanOf(side.filter(({ guarded }) => !guarded));
  return own === null ? null : probabilityAbove(own, tolerancePerMin);
}

/**
 * A run that was read too little, or whose end the trend engine does not vouch for, may hide what was sought. Doubt
 * about every run before hides nothing where the version after keeps within the tolerance by itself.
 */
function doubtOf(
  runs: readonly Pair<MeasuredRun>[],
  measured: readonly GrowthPair[],
  tolerancePerMin: number,
): string | null {
  const readings = Math.min(...runs.flatMap(({ before, after }) => [before.samples, after.samples]));
  if (measured.length < runs.length) {
    return `${runs.length - measured.length} of ${runs.length} pairs could not be measured`;
  }
  if (readings < MIN_PASS_SAMPLES)
    return `a run has only ${readings} readings, of ${MIN_PASS_SAMPLES} needed`;
  const afters = measured.map(({ after }) => after);
  const doubtful = afters.filter(({ guarded }) => guarded).length;
  if (doubtful > 0) return `the growth of ${doubtful} of ${measured.length} runs after is in doubt`;
  if (!measured.every(({ before }) => before.guarded)) return null;
  const within = (exceedsAlone(afters, tolerancePerMin) ?? 1) <= PASS_PROBABILITY;
  return within ? null : 'the growth before is in doubt';
}

/** Mean length of the windows that growth was seen over. */
export function minutesOf(pairs: readonly GrowthPair[]): number {
  const minutes = pairs.flatMap(({ before, after }) => [before.minutes, after.minutes]);
  return minutes.reduce((total, length) => total + length, 0) / minutes.length;
}
