import type { MetricName } from './metric.js';
import type { RunOutcome } from './verdict.js';

/** One run of the matrix that shows that leak-soak works: a scenario with the fixed node, or with one fault of it. */
export interface MatrixRow {
  readonly scenario: string;
  /** Null for the fixed node. */
  readonly fault: FaultSign | null;
}

/** A fault, and what must show it. */
export interface FaultSign {
  readonly id: string;
  readonly metric: MetricName;
  /** Id of the finding that must show it; null where the metric must. */
  readonly finding: string | null;
  /** Class and property that the first culprit must be held by, e.g. `DnsCache.names`; null where none has to be named. */
  readonly retainer: string | null;
}

/** What a row came to. */
export interface RowResult {
  readonly row: MatrixRow;
  readonly outcome: RunOutcome;
  /** Whether that is what the row declares; null when the run could not tell. */
  readonly asDeclared: boolean | null;
  /** One sentence: what showed it, or what is missing. */
  readonly message: string;
  /** Of all attempts together. */
  readonly tookMs: number;
  /** More than one where a run could not tell at first. */
  readonly attempts: number;
  readonly folder: string;
}

/** The name of a row, as `--only` takes it: `udp-flood`, `udp-flood/dns-cache-names`. */
export function rowName({ scenario, fault }: MatrixRow): string {
  return fault === null ? scenario : `${scenario}/${fault.id}`;
}
