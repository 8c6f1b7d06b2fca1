import type { HeapReading } from '../core/heap-reading.js';
import type { LatencyMs, LoadCounters } from '../core/load-counters.js';
import type { ProcessRow } from '../core/process-row.js';
import type { AgentCells, LoadCells } from '../core/sample-cells.js';
import type { MemberReading } from './process-reading.js';

const UNREAD_AGENT: AgentCells = {
  heapUsedBytes: null,
  heapTotalBytes: null,
  heapPhysicalBytes: null,
  externalBytes: null,
  arrayBuffersBytes: null,
  liveHeapBytes: null,
  handles: null,
  timers: null,
  tcpHandles: null,
  udpHandles: null,
  otherHandles: null,
  majorGcs: null,
  eventLoopDelayP99Ms: null,
};

/** The cells of an agent's answer; unread ones without an answer. */
export function agentCells(reading: HeapReading | null): AgentCells {
  if (reading === null) return UNREAD_AGENT;
  const { collectionMs, ...cells } = reading;
  return cells;
}

/** The cells of the load driver's last report; unread ones before the first. */
export function loadCells(
  tick: { readonly counters: LoadCounters | null; readonly intervalLatencyMs: LatencyMs } | null,
): LoadCells {
  const counters = tick?.counters ?? null;
  return {
    intended: counters?.intended ?? null,
    offered: counters?.offered ?? null,
    answered: counters?.answered ?? null,
    wrong: counters?.wrong ?? null,
    errors: counters?.errors ?? null,
    timeouts: counters?.timeouts ?? null,
    dropped: counters?.dropped ?? null,
    latencyP50Ms: tick?.intervalLatencyMs.p50 ?? null,
    latencyP99Ms: tick?.intervalLatencyMs.p99 ?? null,
  };
}

/** A process of the tree as a row of `processes.csv`. */
export function processRow(elapsedMs: number, member: MemberReading, heap: HeapReading | null): ProcessRow {
  const { pid, parentPid, name, rssBytes, fds, threads, cpuMs } = member;
  const { heapUsedBytes, externalBytes, liveHeapBytes } = agentCells(heap);
  const own = { elapsedMs, pid, parentPid, name, rssBytes, fds, threads, cpuMs };
  return { ...own, heapUsedBytes, externalBytes, liveHeapBytes };
}

/** Milliseconds and percent to a tenth: finer digits are noise. */
export function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
