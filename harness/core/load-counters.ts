/** Totals of the load driver since the load started. */
export interface LoadCounters {
  /** What the plan asked for. */
  readonly intended: number;
  /** What was measurably sent. */
  readonly offered: number;
  /** Valid answers. */
  readonly answered: number;
  /** Answers that are not what was asked for: a wrong question, rcode or data; an HTTP status from 400 to 499. */
  readonly wrong: number;
  /**
   * Operations that failed: an HTTP connection that could not be made or broke, an HTTP status of 500 or more, a
   * user's script that threw. 0 of other loads, whose questions time out when a connection is lost.
   */
  readonly errors: number;
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

/** How well the load generator itself did: whether it kept its promise, and at what cost. */
export interface GeneratorHealth {
  /** How the load was sent: `mmsg`, `dgram`, `tcp`, … */
  readonly io: string;
  /** 99th percentile of the time sent minus the time intended; null in a closed loop, which intends no times. */
  readonly scheduleErrorP99Ms: number | null;
  /** CPU time of the load process since the load started. */
  readonly cpuMs: number;
  /** Answers that the kernel dropped because our own receive buffers were full; null when it does not say. */
  readonly kernelDrops: number | null;
}

export interface LoadSummary extends LoadCounters {
  readonly latencyMs: LatencyMs;
  /** Absent when the driver does not watch itself, and from runs that were cut short. */
  readonly generator?: GeneratorHealth;
}
