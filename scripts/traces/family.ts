import type { RandomStream } from './random.js';

/**
 * Which figure a family counts towards: `main` are the shapes that the engine models, `ood` shapes and noises
 * that it does not, `hard` traces that no statistic can decide from one look, `wide` what a soak also meets.
 */
export type FamilyGroup = 'main' | 'hard' | 'ood' | 'wide';

/** What a family is drawn from. Times in seconds, levels in MB (descriptor family: counts). */
export interface FamilyScale {
  /** Length of the run at extend 1; every family parameter scales with it. */
  readonly durationSec: number;
  /** Length of this trace, extensions included. */
  readonly totalSec: number;
  readonly stepSec: number;
  /** Growth over `durationSec` at exactly the budget. */
  readonly growth: number;
  /** True growth per second. */
  readonly slope: number;
  readonly leak: boolean;
  /** Independent samples that the noise leaves in `durationSec`. */
  readonly effectiveSamples: number;
  readonly snr: number;
  readonly param: RandomStream;
  readonly event: RandomStream;
  readonly drop: RandomStream;
}

/** One instant of a family. */
export interface Instant {
  /** What stands on top of base level, leak and noise. */
  readonly level: number;
  /** Load intensity, 0 when idle. @default 1 */
  readonly load?: number;
  /** Seconds of leaking so far. @default the elapsed seconds */
  readonly leakSec?: number;
  /** Process (or process-tree signature). @default 1000 */
  readonly pid?: number;
  /** False for a reading that was lost. @default true */
  readonly kept?: boolean;
}

/** A family with its parameters drawn. */
export interface Shape {
  at(sec: number, index: number): Instant;
  /** Depth of a fall below the start, added to the base level so that readings stay positive. @default 0 */
  readonly headroom?: number;
  /** Independent samples, when the shape leaves fewer than the noise. */
  readonly effectiveSamples?: number;
  /** Upper limit of the noise. */
  readonly maxSigma?: number;
  /** Replaces the Ornstein–Uhlenbeck noise. */
  noise?(index: number, sigma: number): number;
  /** Replaces base + leak + level + noise. */
  value?(parts: ValueParts): number;
  /** Values are rounded to multiples of this before they are rounded to pages. */
  readonly quantum?: number;
  /** Growth per second at the end of the trace, beside the leak. */
  readonly endSlope?: number;
  /** How long a declared warm-up would be, seconds; null when the shape has none. */
  readonly warmUpSec?: number;
  /** The clean-up period that an owner would declare, seconds. */
  readonly cleanupPeriodSec?: number;
}

export interface ValueParts {
  readonly base: number;
  readonly sec: number;
  readonly leaked: number;
  readonly noise: number;
}

export interface Family {
  readonly group: FamilyGroup;
  draw(scale: FamilyScale): Shape;
  /** Counts instead of MB: no base level, noise or page rounding of the generator's own. @default false */
  readonly counts?: boolean;
  /** Signal-to-noise and correlation ranges that differ from the usual. */
  readonly lowSnr?: boolean;
  readonly alwaysCorrelated?: boolean;
  /** A leak of 0 is labelled as such whatever the drawn slope. */
  readonly cleanIsFlat?: boolean;
}

/** x limited to 0…1: a linear fill of a bounded structure. */
export function fill(x: number): number {
  return Math.min(1, Math.max(0, x));
}

/** 1 − e^(−t/τ): an exponential approach to a plateau. */
export function approach(sec: number, tauSec: number): number {
  return 1 - Math.exp(-sec / tauSec);
}
