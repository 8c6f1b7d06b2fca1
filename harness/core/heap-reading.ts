/** One answer of the agent inside a Node target; all figures of a reading belong together. */
export interface HeapReading {
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
  /** The part of the heap that occupies memory: pages that V8 reserved and never touched do not count. */
  readonly heapPhysicalBytes: number;
  readonly externalBytes: number;
  readonly arrayBuffersBytes: number;
  /** Heap used right after a forced full collection; null when none was asked for. */
  readonly liveHeapBytes: number | null;
  /** How long the major collection before that one took; null without one, and through the inspector. */
  readonly collectionMs: number | null;
  readonly handles: number;
  /** The active handles by type. */
  readonly timers: number;
  readonly tcpHandles: number;
  readonly udpHandles: number;
  readonly otherHandles: number;
  /** Major collections since the target's start, forced ones included; null through the inspector. */
  readonly majorGcs: number | null;
  /** How late the event loop was since the last reading, 99th percentile; null when it did not turn since. */
  readonly eventLoopDelayP99Ms: number | null;
}

/** An answer with the time it arrived, on the run's clock. */
export interface TimedHeapReading {
  readonly reading: HeapReading;
  readonly atMs: number;
}
