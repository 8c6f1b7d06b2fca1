import type { MetricName } from './metric.js';

/** A structure that was seen to grow with a known leak. */
export interface KnownCulprit {
  /** As in `Culprit`. */
  readonly fingerprint: string;
  /** Where it hangs, for whoever reads the file: nothing is compared with it. */
  readonly structure: string;
}

/** Whom a known leak belongs to: the load, and the server that is under it. */
export interface LeakSubject {
  readonly scenario: string;
  /** The command line of somebody's server; null for the built-in node. */
  readonly command: string | null;
}

/** Growth of one metric that a team knows of and tolerates for a time. Base units. */
export interface KnownLeak extends LeakSubject {
  readonly metric: MetricName;
  readonly growthPerMin: number;
  /** Half of the 90 % interval around `growthPerMin`. */
  readonly halfWidthPerMin: number;
  /** Growth per operation offered; null without load. */
  readonly growthPerOp: number | null;
  /** The same for people, e.g. `28.3 ± 4.6 MiB/min`: nothing is compared with it. */
  readonly growth: string;
  /** The most growth first; empty for growth that no heap snapshot explains. */
  readonly culprits: readonly KnownCulprit[];
  /** Why it may stay, in the team's own words. */
  readonly reason: string;
  /** The last day on which it is tolerated, UTC, e.g. `2027-02-18`. */
  readonly expires: string;
  /** The day of the run that it was recorded from, UTC. */
  readonly recorded: string;
}

/** What a baseline file holds. */
export interface LeakBaseline {
  readonly schemaVersion: 1;
  readonly knownLeaks: readonly KnownLeak[];
}

/**
 * How a run met a known leak. Only `known` is excused; the others say why one is not, or that it no longer shows.
 *
 * - `worse`: it grows faster than was recorded, by more than runs differ;
 * - `new-culprit`: another structure grows beside those that were recorded;
 * - `expired`: the time for which it was tolerated is over;
 * - `gone`: its metric keeps its budget.
 */
export type LeakState = 'known' | 'worse' | 'new-culprit' | 'expired' | 'gone';

/** What became of a known leak in a run. */
export interface MetLeak {
  readonly metric: MetricName;
  readonly state: LeakState;
  readonly reason: string;
  readonly expires: string;
  readonly recorded: string;
  readonly growthPerMin: number;
  readonly halfWidthPerMin: number;
  /** Fingerprints of the structures that it was recorded with. */
  readonly culprits: readonly string[];
  /** One sentence with both growths, and what to do. */
  readonly message: string;
}
