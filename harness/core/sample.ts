import type { GaugeCells, GaugeName } from './gauge.js';
import type { Phase } from './phase.js';
import type {
  AgentCells,
  CgroupCells,
  DatagramCells,
  DescriptorCells,
  LoadCells,
  MemoryCells,
  ProcessCells,
  RigCells,
  TreeAgentCells,
  TreeCells,
} from './sample-cells.js';

/** One row of `samples.csv`. */
export interface Sample
  extends ProcessCells,
    TreeCells,
    MemoryCells,
    DescriptorCells,
    DatagramCells,
    CgroupCells,
    AgentCells,
    TreeAgentCells,
    LoadCells,
    RigCells {
  /** Wall-clock time of the tick, ISO 8601 UTC. */
  readonly timestamp: string;
  /** Monotonic milliseconds since the target was ready. */
  readonly elapsedMs: number;
  readonly phase: Phase;
  /** Ticks of the sampler that were skipped just before this row. */
  readonly missedTicks: number;
  readonly pid: number | null;
  /** Milliseconds since the agent's last answer; null before the first. */
  readonly agentAgeMs: number | null;
  /** The target's own figures that have come since the previous row; those of other rows are not among them. */
  readonly gauges: GaugeCells;
}

/** The fixed columns of the CSV in order, with the field each one holds; a target's gauges follow behind them. */
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
  ['io_write_bytes', 'ioWriteBytes'],
  ['tree_processes', 'treeProcesses'],
  ['tree_rss_bytes', 'treeRssBytes'],
  ['tree_fds', 'treeFds'],
  ['tree_threads', 'treeThreads'],
  ['tree_cpu_percent', 'treeCpuPercent'],
  ['pss_bytes', 'pssBytes'],
  ['uss_bytes', 'ussBytes'],
  ['swap_bytes', 'swapBytes'],
  ['sockets', 'sockets'],
  ['files', 'files'],
  ['pipes', 'pipes'],
  ['event_polls', 'eventPolls'],
  ['other_fds', 'otherFds'],
  ['tcp_listening', 'tcpListening'],
  ['tcp_connecting', 'tcpConnecting'],
  ['tcp_established', 'tcpEstablished'],
  ['tcp_close_wait', 'tcpCloseWait'],
  ['tcp_closing', 'tcpClosing'],
  ['log_bytes', 'logBytes'],
  ['udp_drops', 'udpDrops'],
  ['cgroup_current_bytes', 'cgroupCurrentBytes'],
  ['cgroup_anon_bytes', 'cgroupAnonBytes'],
  ['cgroup_file_bytes', 'cgroupFileBytes'],
  ['cgroup_kernel_bytes', 'cgroupKernelBytes'],
  ['cgroup_sock_bytes', 'cgroupSockBytes'],
  ['cgroup_high_events', 'cgroupHighEvents'],
  ['cgroup_max_events', 'cgroupMaxEvents'],
  ['cgroup_oom_kills', 'cgroupOomKills'],
  ['cgroup_pressure_percent', 'cgroupPressurePercent'],
  ['heap_used_bytes', 'heapUsedBytes'],
  ['heap_total_bytes', 'heapTotalBytes'],
  ['heap_physical_bytes', 'heapPhysicalBytes'],
  ['external_bytes', 'externalBytes'],
  ['array_buffers_bytes', 'arrayBuffersBytes'],
  ['live_heap_bytes', 'liveHeapBytes'],
  ['handles', 'handles'],
  ['timers', 'timers'],
  ['tcp_handles', 'tcpHandles'],
  ['udp_handles', 'udpHandles'],
  ['other_handles', 'otherHandles'],
  ['major_gcs', 'majorGcs'],
  ['event_loop_delay_p99_ms', 'eventLoopDelayP99Ms'],
  ['agent_age_ms', 'agentAgeMs'],
  ['tree_heap_physical_bytes', 'treeHeapPhysicalBytes'],
  ['tree_external_bytes', 'treeExternalBytes'],
  ['tree_array_buffers_bytes', 'treeArrayBuffersBytes'],
  ['tree_live_heap_bytes', 'treeLiveHeapBytes'],
  ['tree_handles', 'treeHandles'],
  ['intended', 'intended'],
  ['offered', 'offered'],
  ['answered', 'answered'],
  ['wrong', 'wrong'],
  ['errors', 'errors'],
  ['timeouts', 'timeouts'],
  ['dropped', 'dropped'],
  ['latency_p50_ms', 'latencyP50Ms'],
  ['latency_p99_ms', 'latencyP99Ms'],
  ['rig_rss_bytes', 'rigRssBytes'],
  ['rig_cpu_percent', 'rigCpuPercent'],
  ['rig_fds', 'rigFds'],
] as const satisfies readonly (readonly [string, Exclude<keyof Sample, 'gauges'>])[];

export type ColumnName = (typeof SAMPLE_COLUMNS)[number][0] | GaugeName;
