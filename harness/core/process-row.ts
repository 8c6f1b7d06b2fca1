/** One row of `processes.csv`: a process of the target's tree at one tick. Null is a value that was not read. */
export interface ProcessRow {
  /** Monotonic milliseconds since the target was ready, as in `samples.csv`. */
  readonly elapsedMs: number;
  readonly pid: number;
  readonly parentPid: number | null;
  /** What the kernel calls it: its first 15 bytes (proc_pid_comm(5)). */
  readonly name: string | null;
  readonly rssBytes: number | null;
  readonly fds: number | null;
  readonly threads: number | null;
  /** Time used since it started, user and system. */
  readonly cpuMs: number | null;
  /** What its agent answered since the last row; null where it has none, or has not answered. */
  readonly heapUsedBytes: number | null;
  readonly externalBytes: number | null;
  readonly liveHeapBytes: number | null;
}

/** Column names of `processes.csv` in order, with the field each one holds. */
export const PROCESS_COLUMNS = [
  ['elapsed_ms', 'elapsedMs'],
  ['pid', 'pid'],
  ['parent_pid', 'parentPid'],
  ['name', 'name'],
  ['rss_bytes', 'rssBytes'],
  ['fds', 'fds'],
  ['threads', 'threads'],
  ['cpu_ms', 'cpuMs'],
  ['heap_used_bytes', 'heapUsedBytes'],
  ['external_bytes', 'externalBytes'],
  ['live_heap_bytes', 'liveHeapBytes'],
] as const satisfies readonly (readonly [string, keyof ProcessRow])[];
