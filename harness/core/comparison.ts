import type { ExitCode } from './exit-code.js';
import type { MetricName, MetricUnit } from './metric.js';

/** What a metric, or the whole comparison, came to from before to after. */
export type ComparisonOutcome = 'regressed' | 'improved' | 'no-difference' | 'inconclusive';

/** A setting in which two runs differ, as text for people. */
export interface SettingDifference {
  /** Its path in `run.json`, e.g. `plan.durationMs`. */
  readonly setting: string;
  readonly before: string;
  readonly after: string;
}

/** Two things of the same kind, one of each version. */
export interface Pair<Thing> {
  readonly before: Thing;
  readonly after: Thing;
}

/** One side of a compared metric; of several runs their mean. Base units; null where too little was read. */
export interface ComparedSide {
  readonly growthPerMin: number | null;
  /** Half of the 90 % interval around `growthPerMin`. */
  readonly halfWidthPerMin: number | null;
  /** Median reading of the judged window. */
  readonly level: number | null;
  /** Half of the 90 % interval around `level`. */
  readonly levelHalfWidth: number | null;
  /** Highest reading of the whole run. */
  readonly peak: number | null;
  /** Readings that the growth was estimated from; of several runs the fewest. */
  readonly samples: number;
}

/** How a level moved from before to after: never a regression by itself, since a cache may be meant to grow. */
export interface LevelChange {
  /** After minus before. */
  readonly difference: number;
  /**
   * Half of the 90 % interval around `difference`. One pair knows the noise within its runs only, not how runs of
   * one version differ, and nothing at all of a peak: there it is null.
   */
  readonly halfWidth: number | null;
  /** The difference in percent of before; null when that is 0. */
  readonly percent: number | null;
}

/** Growth of one pair, after minus before. */
export interface PairDifference {
  readonly differencePerMin: number;
  /** Half of the 90 % interval, from the noise within the two runs. */
  readonly halfWidthPerMin: number;
  /** True when the trend engine vouches for the growth of other pairs, and not for that of both runs of this one. */
  readonly leftOut: boolean;
}

/** One metric of two runs or of several pairs of them, after against before. */
export interface MetricComparison {
  readonly metric: MetricName;
  readonly unit: MetricUnit;
  readonly outcome: ComparisonOutcome;
  /** False when this metric is shown, but has no say in the outcome. */
  readonly decides: boolean;
  readonly before: ComparedSide;
  readonly after: ComparedSide;
  /** Growth after minus growth before, of several pairs the mean; null when it could not be compared. */
  readonly differencePerMin: number | null;
  /** Half of the 90 % interval around `differencePerMin`. */
  readonly halfWidthPerMin: number | null;
  /** The difference in each pair; null where it could not be measured. */
  readonly pairs: readonly (PairDifference | null)[];
  /**
   * Cohen's d (1988) of the growth: what the two grow apart by within a judged window, in standard deviations of
   * the readings around their trend, pooled over all runs. 1 is as much as the noise, and visible to the eye from
   * about 2. Null when it could not be compared.
   */
  readonly effectSize: number | null;
  /** Cohen's d of the level: its difference in the same standard deviations; null without levels. */
  readonly levelEffectSize: number | null;
  /** Null without a level on both sides. */
  readonly levelChange: LevelChange | null;
  /** Null without a reading on both sides. */
  readonly peakChange: LevelChange | null;
  /**
   * The smallest growth beyond that of before which, with noise as it was, would have regressed nine times in ten:
   * the tolerance and the minimum detectable effect. Null when it could not be compared.
   */
  readonly detectionFloorPerMin: number | null;
  /** Differences within this are no difference: the budget of the after run. */
  readonly tolerancePerMin: number;
  /** Probability that growth rose by more than the tolerance; null when it was not compared. */
  readonly pRegressed: number | null;
  /** Probability that growth fell by more than the tolerance; null when it was not compared. */
  readonly pImproved: number | null;
  /** Why "no difference" cannot be claimed, whatever the figures; null when it can, or nothing was measured. */
  readonly doubt: string | null;
  /** One sentence a developer understands. */
  readonly reason: string;
}

/** Runs that were compared, side by side. */
export interface Compared {
  readonly state: 'compared';
  readonly exitCode: ExitCode;
  readonly outcome: ComparisonOutcome;
  /** Runs on each side. */
  readonly pairs: number;
  readonly metrics: readonly MetricComparison[];
  /** Settings that should match and do not; not empty only when the comparison was forced. */
  readonly differences: readonly SettingDifference[];
  /** What else may explain a difference: another machine, another load, an incomplete run. */
  readonly warnings: readonly string[];
}

/** Runs side by side, or the reasons why they must not be. */
export type Comparison =
  | Compared
  | {
      readonly state: 'refused';
      readonly exitCode: ExitCode;
      /** The settings that have to match and do not. */
      readonly differences: readonly SettingDifference[];
    };

/** One of the versions that a `run --against` compared. */
export interface ComparedVersion {
  /** What it is, for people: `fixed`, `fault dns-cache-names`, `git:main (4f1c2d3)`. */
  readonly label: string;
  /** Folders of its runs beside `comparison.json`, in the order of the pairs. */
  readonly runs: readonly string[];
}

/** What a `run --against` came to: the content of `comparison.json`. */
export interface ComparisonReport extends Compared {
  readonly schemaVersion: 1;
  readonly scenario: string;
  readonly before: ComparedVersion;
  readonly after: ComparedVersion;
  /** The command that repeats all of it. */
  readonly reproduce: string;
}
