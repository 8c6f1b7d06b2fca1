/** What the trend engine takes and gives: data only, so that every renderer can word it for itself. */
import type { Guard } from './judge/guards.js';
import type { ModelName } from './model/shapes.js';
import type { Dropped } from './prepare/dropped.js';
import type { IdleGap } from './prepare/load-clock.js';
import type { Reduction } from './reduce/points.js';

/** Readings of one metric. All arrays have the same length; times need not be in order. */
export interface GrowthReadings {
  readonly elapsedMs: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  /** Load intensity at each reading; 0 means idle. Absent: loaded throughout. */
  readonly load?: ArrayLike<number>;
  /** Stretches without load where they are known more exactly than `load` tells, ascending. @default from `load` */
  readonly idle?: readonly IdleGap[];
  /** Process, or signature of a process tree, at each reading; a change begins a new series. */
  readonly pids?: ArrayLike<number>;
  /** Smallest step that the source can report, in the unit of the values (RSS 4096, heap 8, counts 1). */
  readonly resolution: number;
  /** Whether a 0 cannot be a reading of this metric, as of memory: it is left out. @default false */
  readonly neverZero?: boolean;
}

export interface AssessOptions {
  /** Fail when the growth exceeds the budget with at least this probability. @default 0.95 */
  readonly failProbability?: number;
  /** Pass when it does so with at most this probability. @default 0.05 */
  readonly passProbability?: number;
  /** Declared period of a clean-up; fewer than three of them in the window decide nothing. */
  readonly cleanupPeriodMs?: number;
  /** Declared end of the warm-up on the readings' clock: earlier readings are left out. */
  readonly warmUpEndMs?: number;
  /** Fewest readings from which a fail is allowed; a pass always needs 20. @default 20 */
  readonly minFailSamples?: number;
}

export type Outcome = 'fail' | 'pass' | 'inconclusive';

/** Why no growth could be estimated. */
export type Unmeasured =
  | { readonly kind: 'too-few-samples'; readonly samples: number; readonly needed: number }
  | { readonly kind: 'within-warm-up'; readonly warmUpEndMs: number }
  | { readonly kind: 'too-few-cleanups'; readonly periods: number; readonly needed: number }
  /** The readings are bunched at too few times. */
  | { readonly kind: 'no-time-span' }
  /** The load rises or falls as straight as time: its effect and a leak's are the same line. */
  | { readonly kind: 'load-follows-time' };

interface Common {
  /** Readings used, after everything in `dropped` was left out. */
  readonly samples: number;
  /** First and last reading used; null when there is none. */
  readonly windowMs: readonly [number, number] | null;
  readonly dropped: readonly Dropped[];
}

/** Growth could not be estimated: always inconclusive. */
export interface UnmeasuredGrowth extends Common {
  readonly state: 'unmeasured';
  readonly outcome: 'inconclusive';
  readonly reason: Unmeasured;
}

/** Growth at the end of the window. Rates are in units of the values per minute. */
export interface MeasuredGrowth extends Common {
  readonly state: 'measured';
  readonly outcome: Outcome;
  /** Posterior probability, 0…1, that the growth exceeds the budget; below 1 and above 0 it is never certain. */
  readonly pExceeds: number;
  readonly growthPerMin: number;
  /** The 90 % interval is `growthPerMin ± halfWidthPerMin`. */
  readonly halfWidthPerMin: number;
  /** Standard deviation of the posterior: noise, and doubt about the model. */
  readonly sePerMin: number;
  /** Degrees of freedom behind the half-width. */
  readonly degreesOfFreedom: number;
  /** Correlation of neighbouring points that was allowed for, 0…0.95. */
  readonly correlation: number;
  /** How the series was reduced to the points that decided. */
  readonly reduction: Reduction;
  /** Points that the reduction left. */
  readonly points: number;
  /** The most probable model; the figures average over all of them. */
  readonly model: ModelName;
  /** Where the final rate began, when the most probable model has a knee. */
  readonly sinceMs: number | null;
  /** Why a fail or pass that the probability alone would give was withheld; empty when none was. */
  readonly guards: readonly Guard[];
}

export type Assessment = MeasuredGrowth | UnmeasuredGrowth;
