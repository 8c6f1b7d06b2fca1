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

/** One side of a compared metric. Base units; figures are null where too little was read. */
export interface ComparedGrowth {
  readonly growthPerMin: number | null;
  /** Half of the 90 % interval around `growthPerMin`. */
  readonly halfWidthPerMin: number | null;
  /** Median reading of the judged window; null without readings. */
  readonly level: number | null;
  readonly samples: number;
}

/** One metric of two runs, after against before. */
export interface MetricComparison {
  readonly metric: MetricName;
  readonly unit: MetricUnit;
  readonly outcome: ComparisonOutcome;
  /** False when this metric is shown, but has no say in the outcome. */
  readonly decides: boolean;
  readonly before: ComparedGrowth;
  readonly after: ComparedGrowth;
  /** Growth after minus growth before; null when either is. */
  readonly differencePerMin: number | null;
  /** Half of the 90 % interval around `differencePerMin`. */
  readonly halfWidthPerMin: number | null;
  /** Differences within this are no difference: the budget of the after run. */
  readonly tolerancePerMin: number;
  /** Probability that growth rose by more than the tolerance; null when it was not compared. */
  readonly pRegressed: number | null;
  /** Probability that growth fell by more than the tolerance; null when it was not compared. */
  readonly pImproved: number | null;
  /** One sentence a developer understands. */
  readonly reason: string;
}

/** Two runs side by side, or the reasons why they must not be. */
export type Comparison =
  | {
      readonly state: 'refused';
      readonly exitCode: ExitCode;
      /** The settings that have to match and do not. */
      readonly differences: readonly SettingDifference[];
    }
  | {
      readonly state: 'compared';
      readonly exitCode: ExitCode;
      readonly outcome: ComparisonOutcome;
      readonly metrics: readonly MetricComparison[];
      /** Settings that should match and do not; not empty only when the comparison was forced. */
      readonly differences: readonly SettingDifference[];
      /** What else may explain a difference: another machine, another load, an incomplete run. */
      readonly warnings: readonly string[];
    };
