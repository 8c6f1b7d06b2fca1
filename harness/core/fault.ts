import type { MetricName } from './metric.js';

/** One deliberate leak of the node under test, as the node itself prints it (`target faults --json`). */
export interface FaultInfo {
  /** Readable id, e.g. `dns-cache-names`. */
  readonly id: string;
  /** The real system it comes from, e.g. `ALFIS`. */
  readonly system: string;
  /** Its key in that system's list of leaks, e.g. `A1`. */
  readonly leak: string;
  /** What grows. */
  readonly structure: string;
  /** What makes it grow. */
  readonly trigger: string;
  /** The metric that shows it. */
  readonly metric: MetricName;
  /** Id of the finding that shows it although no metric grows without end; null where the metric does. */
  readonly finding: string | null;
  /** The name under which a heap snapshot shows the holder. */
  readonly retainer: string;
}
