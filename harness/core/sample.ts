import type { Phase } from './phase.js';

/**
 * One row of `samples.csv`. Base units throughout; **null is a value that was not read**, never zero and
 * never a copy of an older reading.
 */
export interface Sample {
  /** Wall-clock time of the tick, ISO 8601 UTC. */
  readonly timestamp: string;
  /** Monotonic milliseconds since the target was ready. */
  readonly elapsedMs: number;
  readonly phase: Phase;
  /** Ticks of the sampler that were skipped just before this row. */
  readonly missedTicks: number;
  readonly pid: number | null;
  readonly rssBytes: number | null;
  readonly fds: number | null;
  readonly threads: number | null;
  /** CPU since the previous row in percent of one core; null on the first row. */
  readonly cpuPercent: number | null;
  /** The agent's figures of one row are read together; with `liveHeapBytes` present, right after a full GC. */
  readonly heapUsedBytes: number | null;
  readonly heapTotalBytes: number | null;
  /** The part of `heapTotalBytes` that occupies memory; RSS beyond it is outside the V8 heap. */
  readonly heapPhysicalBytes: number | null;
  readonly externalBytes: number | null;
  readonly arrayBuffersBytes: number | null;
  readonly liveHeapBytes: number | null;
  readonly handles: number | null;
  /** Major collections since the target's start, forced ones included. */
  readonly majorGcs: number | null;
  /** Milliseconds since the agent's last answer; null before the first. */
  readonly agentAgeMs: number | null;
  /** Load counters are totals since the load started; null until the driver's first report. */
  readonly intended: number | null;
  readonly offered: number | null;
  readonly answered: number | null;
  readonly wrong: number | null;
  readonly timeouts: number | null;
  readonly dropped: number | null;
  /** Latency of the driver's last report interval, from the intended time; null without answers. */
  readonly latencyP50Ms: number | null;
  readonly latencyP99Ms: number | null;
  readonly rigRssBytes: number | null;
  readonly rigCpuPercent: number | null;
  readonly rigFds: number | null;
}

/** Column names of the CSV in order, with the field each one holds. */
export const SAMPLE_COLUMNS = [
  ['timestamp', 'timestamp'],
  ['elapsed_ms', 'elapsedMs'],
  ['phase', 'phase'],
  ['missed_ticks', 'missedTicks'],
  ['pid', 'pid'],
  ['rss_bytes', 'rssBytes'],
  ['fds', 'fds'],
  ['threads', 'threads'],
  ['cpu_percent', 'cpuPercent'],
  ['heap_used_bytes', 'heapUsedBytes'],
  ['heap_total_bytes', 'heapTotalBytes'],
  ['heap_physical_bytes', 'heapPhysicalBytes'],
  ['external_bytes', 'externalBytes'],
  ['array_buffers_bytes', 'arrayBuffersBytes'],
  ['live_heap_bytes', 'liveHeapBytes'],
  ['handles', 'handles'],
  ['major_gcs', 'majorGcs'],
  ['agent_age_ms', 'agentAgeMs'],
  ['intended', 'intended'],
  ['offered', 'offered'],
  ['answered', 'answered'],
  ['wrong', 'wrong'],
  ['timeouts', 'timeouts'],
  ['dropped', 'dropped'],
  ['latency_p50_ms', 'latencyP50Ms'],
  ['latency_p99_ms', 'latencyP99Ms'],
  ['rig_rss_bytes', 'rigRssBytes'],
  ['rig_cpu_percent', 'rigCpuPercent'],
  ['rig_fds', 'rigFds'],
] as const satisfies readonly (readonly [string, keyof Sample])[];

export type ColumnName = (typeof SAMPLE_COLUMNS)[number][0];
