import type { Culprit } from './culprit.js';
import type { ExitCode } from './exit-code.js';
import type { Finding } from './finding.js';
import type { GrowthClass } from './growth-class.js';
import type { MetLeak } from './leak-baseline.js';
import type { LoadSummary } from './load-counters.js';
import type { MetricName, MetricUnit } from './metric.js';
import type { ServiceRecord } from './service-record.js';
import type { StructureFill } from './structure.js';
import type { TargetInfo } from './target-info.js';
import type { Warning } from './warning.js';

export type MetricOutcome = 'pass' | 'fail' | 'inconclusive';

/** A run's verdict; `invalid`: the measurement cannot be trusted, `error`: it could not be made. */
export type RunOutcome = MetricOutcome | 'invalid' | 'error';

/** Growth of one metric against its budget. Base units; figures are null where too little was read. */
export interface MetricVerdict {
  readonly metric: MetricName;
  readonly unit: MetricUnit;
  readonly verdict: MetricOutcome;
  /** False when this metric is shown, but has no say in the run's verdict. */
  readonly decides: boolean;
  readonly growthPerMin: number | null;
  /** Half of the 90 % interval around `growthPerMin`. */
  readonly halfWidthPerMin: number | null;
  /** Probability that the true growth exceeds the budget. */
  readonly pExceeds: number | null;
  readonly budgetPerMin: number;
  /** The smallest growth that this recording would have failed nine times in ten. */
  readonly detectionFloorPerMin: number | null;
  /** Growth per operation offered in the window; null without load. */
  readonly growthPerOp: number | null;
  /** Readings that the fit used. */
  readonly samples: number;
  /** The window they come from, in milliseconds since the target was ready; null when there are none. */
  readonly windowMs: readonly [number, number] | null;
  readonly levels: MetricLevels | null;
  /** Null where no growth could be estimated. */
  readonly fit: GrowthFit | null;
  /** One sentence a developer understands. */
  readonly reason: string;
}

/** How the trend engine came to a growth. */
export interface GrowthFit {
  /** How the series was reduced to the points that decided: `mean`, `floor`, `trough` or `ratchet`. */
  readonly reduction: string;
  /** The most probable model, e.g. `linear` or `hinge+exp`; the figures average over all of them. */
  readonly model: string;
  /** Where the final rate began, on the run's clock, when that model has a knee; else null. */
  readonly sinceMs: number | null;
  /** Why a pass or fail that the probability alone would give was withheld. */
  readonly guards: readonly string[];
}

/** The four levels people compare between runs; null where there is no reading. */
export interface MetricLevels {
  /** First reading of the run. */
  readonly baseline: number | null;
  /** First reading of the judged window. */
  readonly afterWarmUp: number | null;
  readonly peak: number | null;
  /** Last reading minus `baseline`. */
  readonly finalIncrease: number | null;
}

/** What a run came to: the content of `verdict.json`, and what `--json` prints. */
export interface RunVerdict {
  readonly schemaVersion: 1;
  readonly scenario: string;
  /** Ids of the seeded faults joined by commas; null for the fixed node. */
  readonly fault: string | null;
  readonly target: TargetInfo;
  readonly verdict: RunOutcome;
  readonly exitCode: ExitCode;
  readonly metrics: readonly MetricVerdict[];
  readonly load: LoadSummary | null;
  /** How full each bounded structure of the target was when steady began, and when it ended. */
  readonly structures: readonly StructureFill[];
  /** How each service that was asked beside the load answered; empty where none was. */
  readonly services: readonly ServiceRecord[];
  readonly findings: readonly Finding[];
  /** Where the growth that failed the run sits; empty unless it failed on growth. */
  readonly classes: readonly GrowthClass[];
  /** Structures that grew from each heap snapshot to the next, the most growth first; empty when none were taken. */
  readonly culprits: readonly Culprit[];
  /** What became of the leaks of this scenario and target that `--baseline` knows; empty without it. */
  readonly knownLeaks: readonly MetLeak[];
  readonly warnings: readonly Warning[];
  /** The command that repeats this run. */
  readonly reproduce: string;
}
