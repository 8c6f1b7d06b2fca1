/**
 * The groups of cells that a row of `samples.csv` is made of. Base units throughout; **null is a value that was
 * not read**, never zero and never a copy of an older reading. Some groups are read at some ticks only.
 */

/** The target's own process. */
export interface ProcessCells {
  readonly rssBytes: number | null;
  readonly fds: number | null;
  readonly threads: number | null;
  /** CPU since the previous row in percent of one core; null on the first row. */
  readonly cpuPercent: number | null;
  /** Bytes it has caused to be written to storage since its start (`write_bytes` of proc_pid_io(5)). */
  readonly ioWriteBytes: number | null;
}

/** The target and all its living descendants together; alone, its own figures. */
export interface TreeCells {
  /** Zombies count: they are processes that nobody has waited for. */
  readonly treeProcesses: number | null;
  /** Pages that several of them share count once in each. */
  readonly treeRssBytes: number | null;
  readonly treeFds: number | null;
  readonly treeThreads: number | null;
  /** As `cpuPercent`; what ended between two rows is counted once its parent has waited for it. */
  readonly treeCpuPercent: number | null;
}

/** Exact memory of the target's process, which costs it a stall: every 60th row, and where a phase begins. */
export interface MemoryCells {
  /** Each page divided by the number of processes that share it. */
  readonly pssBytes: number | null;
  /** Pages of nobody else: what the system gets back when the process ends. */
  readonly ussBytes: number | null;
  readonly swapBytes: number | null;
}

/** The target's descriptors by kind: where their number moved, every 300th row, and where a phase begins. */
export interface DescriptorCells {
  readonly sockets: number | null;
  /** Whatever has a path: regular files, folders, devices. */
  readonly files: number | null;
  readonly pipes: number | null;
  /** Event polls, event counters, timers and the like (`anon_inode`). */
  readonly eventPolls: number | null;
  readonly otherFds: number | null;
  /** The TCP sockets among them by state (tcp(7)); null where the table could not be read. */
  readonly tcpListening: number | null;
  /** SYN_SENT and SYN_RECV. */
  readonly tcpConnecting: number | null;
  readonly tcpEstablished: number | null;
  /** The peer has closed and the target has not. */
  readonly tcpCloseWait: number | null;
  /** FIN_WAIT1, FIN_WAIT2, CLOSING and LAST_ACK: the target has closed and the peer has not confirmed. */
  readonly tcpClosing: number | null;
  /** Size of the log files (`*.log`) that it holds open; null when there are none. */
  readonly logBytes: number | null;
}

/**
 * Datagrams for the UDP sockets that the target holds which the kernel dropped (full buffer, bad checksum): every
 * tenth row, and where a phase begins.
 */
export interface DatagramCells {
  /** Null when it holds no UDP socket. */
  readonly udpDrops: number | null;
}

/** The target's control group (cgroup v2), where it is not the rig's: what the whole group is charged with. */
export interface CgroupCells {
  readonly cgroupCurrentBytes: number | null;
  readonly cgroupAnonBytes: number | null;
  /** Page cache. */
  readonly cgroupFileBytes: number | null;
  readonly cgroupKernelBytes: number | null;
  /** Buffers of network transfers. */
  readonly cgroupSockBytes: number | null;
  /** Times the group was throttled at `memory.high`, hit `memory.max`, and had a process killed. */
  readonly cgroupHighEvents: number | null;
  readonly cgroupMaxEvents: number | null;
  readonly cgroupOomKills: number | null;
  /** Share of the last 10 s in which some task waited for memory, in percent. */
  readonly cgroupPressurePercent: number | null;
}

/** The agent's figures of one row are read together; with `liveHeapBytes` present, right after a full GC. */
export interface AgentCells {
  readonly heapUsedBytes: number | null;
  readonly heapTotalBytes: number | null;
  /** The part of `heapTotalBytes` that occupies memory; RSS beyond it is outside the V8 heap. */
  readonly heapPhysicalBytes: number | null;
  readonly externalBytes: number | null;
  readonly arrayBuffersBytes: number | null;
  readonly liveHeapBytes: number | null;
  readonly handles: number | null;
  /** The active handles by type. */
  readonly timers: number | null;
  readonly tcpHandles: number | null;
  readonly udpHandles: number | null;
  readonly otherHandles: number | null;
  /** Major collections since the target's start, forced ones included. */
  readonly majorGcs: number | null;
  /** How late the event loop came to its work since the last answer; the rig's own collections are left out. */
  readonly eventLoopDelayP99Ms: number | null;
}

/**
 * The agents' figures of the target and its descendants together, on rows by which each process that has an agent had
 * answered anew (with its live heap, where collections are forced); alone, the target's own figures.
 */
export interface TreeAgentCells {
  readonly treeHeapPhysicalBytes: number | null;
  readonly treeExternalBytes: number | null;
  readonly treeArrayBuffersBytes: number | null;
  readonly treeLiveHeapBytes: number | null;
  readonly treeHandles: number | null;
}

/** Load counters are totals since the load started; null until the driver's first report. */
export interface LoadCells {
  readonly intended: number | null;
  readonly offered: number | null;
  readonly answered: number | null;
  readonly wrong: number | null;
  readonly errors: number | null;
  readonly timeouts: number | null;
  readonly dropped: number | null;
  /** Latency of the driver's last report interval, from the intended time; null without answers. */
  readonly latencyP50Ms: number | null;
  readonly latencyP99Ms: number | null;
}

/** The rig's own process. */
export interface RigCells {
  readonly rigRssBytes: number | null;
  readonly rigCpuPercent: number | null;
  readonly rigFds: number | null;
}
