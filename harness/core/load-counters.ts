/** Totals of the load driver since the load started. */
export interface LoadCounters {
  /** What the plan asked for. */
  readonly intended: number;
  /** What was measurably sent. */
  readonly offered: number;
  /** Valid answers. */
  readonly answered: number;
  /** Answers with a wrong question, rcode or data. */
  readonly wrong: number;
  /** Sent, and not answered within the driver's timeout. */
  readonly timeouts: number;
  /** Scheduled and never sent, because the driver was saturated. */
  readonly dropped: number;
}

/** Latency in milliseconds from the intended time; null without answers. */
export interface LatencyMs {
  readonly p50: number | null;
  readonly p99: number | null;
}

export interface LoadSummary extends LoadCounters {
  readonly latencyMs: LatencyMs;
}
