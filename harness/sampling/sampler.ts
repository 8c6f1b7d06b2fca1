import type { Clock } from '../core/clock.js';
import type { HeapReading, TimedHeapReading } from '../core/heap-reading.js';
import type { LatencyMs, LoadCounters } from '../core/load-counters.js';
import type { Phase } from '../core/phase.js';
import type { Sample } from '../core/sample.js';
import type { CadenceController } from './collection-cadence.js';
import type { ProcessReading, ProcessSource } from './process-reading.js';
import { ticks } from './ticker.js';

/** The agent as the sampler sees it: ask, and look later what has come. Never waited for. */
export interface HeapProbe {
  ask(collect: boolean): void;
  /** The last answer with its arrival on the sampler's clock; null before the first. */
  latest(): TimedHeapReading | null;
}

export interface LoadTick {
  /** Null when the load cannot count. */
  readonly counters: LoadCounters | null;
  readonly intervalLatencyMs: LatencyMs;
}

export interface SamplerDeps {
  readonly clock: Clock;
  readonly target: ProcessSource;
  readonly rig: ProcessSource;
  /** Null when the target has no agent. */
  readonly heap: HeapProbe | null;
  /** Null when collections are not to be forced. */
  readonly cadence: CadenceController | null;
  readonly load: () => LoadTick | null;
  readonly phase: () => Phase;
  readonly emit: (sample: Sample) => void;
}

export interface SamplerOptions {
  readonly pid: number;
  /** Where the run's clock starts: `elapsed_ms` counts from here. */
  readonly startMs: number;
  readonly everyMs: number;
}

/** How long before a tick the agent is asked, at most: long enough for a collection, short enough to be fresh. */
const LEAD_MS = 250;

/**
 * Writes one sample per tick until the signal aborts, or the target has gone.
 *
 * The agent is asked shortly before each tick and whatever has arrived by then goes into the row; an answer
 * that comes later goes into the next row, and the cells of this one stay empty.
 */
export async function runSampler(
  options: SamplerOptions,
  deps: SamplerDeps,
  signal: AbortSignal,
): Promise<'stopped' | 'target-gone'> {
  const { clock } = deps;
  const leadMs = Math.min(LEAD_MS, options.everyMs / 2);
  const targetCpu = cpuMeter();
  const rigCpu = cpuMeter();
  let lastAnswerMs = Number.NEGATIVE_INFINITY;
  let ticksSinceCollection = Number.POSITIVE_INFINITY;

  for await (const tick of ticks(clock, options.startMs - leadMs, options.everyMs, signal)) {
    const collect = deps.cadence?.shouldCollect(tick.dueMs) ?? false;
    deps.heap?.ask(collect);
    try {
      await clock.sleep(tick.dueMs + leadMs - clock.nowMs(), signal);
    } catch {
      return 'stopped';
    }
    const [target, rig] = await Promise.all([deps.target.read(), deps.rig.read()]);
    if (target === null) return 'target-gone';
    const nowMs = clock.nowMs();
    const phase = deps.phase();
    const answer = deps.heap?.latest() ?? null;
    const fresh = answer !== null && answer.atMs > lastAnswerMs ? answer.reading : null;
    lastAnswerMs = answer?.atMs ?? lastAnswerMs;
    const cpu = targetCpu(target.cpuMs, nowMs);
    ticksSinceCollection = collect ? 0 : ticksSinceCollection + 1;
    if (cpu !== null && tick.missed === 0 && phase === 'steady')
      deps.cadence?.observe(cpu.usedMs, ticksSinceCollection);
    deps.emit({
      timestamp: clock.wallTime().toISOString(),
      elapsedMs: round(nowMs - options.startMs),
      phase,
      missedTicks: tick.missed,
      pid: options.pid,
      ...osCells(target),
      cpuPercent: cpu?.percent ?? null,
      ...heapCells(fresh),
      agentAgeMs: answer === null ? null : round(nowMs - answer.atMs),
      ...loadCells(deps.load()),
      rigRssBytes: rig?.rssBytes ?? null,
      rigCpuPercent: rigCpu(rig?.cpuMs ?? null, nowMs)?.percent ?? null,
      rigFds: rig?.fds ?? null,
    });
  }
  return 'stopped';
}

function osCells(reading: ProcessReading): Pick<Sample, 'rssBytes' | 'fds' | 'threads'> {
  return { rssBytes: reading.rssBytes, fds: reading.fds, threads: reading.threads };
}

type HeapCells = Pick<
  Sample,
  | 'heapUsedBytes'
  | 'heapTotalBytes'
  | 'heapPhysicalBytes'
  | 'externalBytes'
  | 'arrayBuffersBytes'
  | 'liveHeapBytes'
  | 'handles'
  | 'majorGcs'
>;

function heapCells(reading: HeapReading | null): HeapCells {
  return {
    heapUsedBytes: reading?.heapUsedBytes ?? null,
    heapTotalBytes: reading?.heapTotalBytes ?? null,
    heapPhysicalBytes: reading?.heapPhysicalBytes ?? null,
    externalBytes: reading?.externalBytes ?? null,
    arrayBuffersBytes: reading?.arrayBuffersBytes ?? null,
    liveHeapBytes: reading?.liveHeapBytes ?? null,
    handles: reading?.handles ?? null,
    majorGcs: reading?.majorGcs ?? null,
  };
}

type LoadCells = Pick<
  Sample,
  'intended' | 'offered' | 'answered' | 'wrong' | 'timeouts' | 'dropped' | 'latencyP50Ms' | 'latencyP99Ms'
>;

function loadCells(tick: LoadTick | null): LoadCells {
  const counters = tick?.counters ?? null;
  return {
    intended: counters?.intended ?? null,
    offered: counters?.offered ?? null,
    answered: counters?.answered ?? null,
    wrong: counters?.wrong ?? null,
    timeouts: counters?.timeouts ?? null,
    dropped: counters?.dropped ?? null,
    latencyP50Ms: tick?.intervalLatencyMs.p50 ?? null,
    latencyP99Ms: tick?.intervalLatencyMs.p99 ?? null,
  };
}

/** CPU between two readings; null for the first, and after a reading that is missing. */
function cpuMeter(): (cpuMs: number | null, nowMs: number) => { usedMs: number; percent: number } | null {
  let before: { cpuMs: number; atMs: number } | null = null;
  return (cpuMs, nowMs) => {
    const last = before;
    before = cpuMs === null ? null : { cpuMs, atMs: nowMs };
    if (last === null || cpuMs === null || nowMs <= last.atMs) return null;
    const usedMs = cpuMs - last.cpuMs;
    return { usedMs, percent: round((100 * usedMs) / (nowMs - last.atMs)) };
  };
}

/** Milliseconds and percent to a tenth: finer digits are noise. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}
