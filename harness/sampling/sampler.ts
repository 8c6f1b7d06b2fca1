import type { Clock } from '../core/clock.js';
import type { TimedHeapReading } from '../core/heap-reading.js';
import type { LatencyMs, LoadCounters } from '../core/load-counters.js';
import type { Phase } from '../core/phase.js';
import type { ProcessRow } from '../core/process-row.js';
import type { Sample } from '../core/sample.js';
import type { CadenceController } from './collection-cadence.js';
import { cpuMeter } from './cpu-meter.js';
import type { GaugeReader } from './gauges/gauge-reader.js';
import type { ProcessSource, TargetSource } from './process-reading.js';
import { agentCells, loadCells, processRow, tenths } from './row-cells.js';
import { ticks } from './ticker.js';
import { followHeaps, type TreeAgents } from './tree-heaps.js';

/** The agent as the sampler sees it: ask, and look later what has come. Never waited for. */
export interface HeapProbe {
  ask(collect: boolean): void;
  /** The last answer with its arrival on the sampler's clock; null before the first. */
  latest(): TimedHeapReading | null;
  /** The agents of its descendants; left out where only the target itself can be asked. */
  readonly descendants?: TreeAgents;
}

/** For a probe that reaches the target's own process only. */
const NO_DESCENDANTS: TreeAgents = { has: () => false, ask: () => undefined, latest: () => null };

export interface LoadTick {
  /** Null when the load cannot count. */
  readonly counters: LoadCounters | null;
  readonly intervalLatencyMs: LatencyMs;
}

export interface SamplerDeps {
  readonly clock: Clock;
  readonly target: TargetSource;
  readonly rig: ProcessSource;
  /** Null when the target has no agent. */
  readonly heap: HeapProbe | null;
  /** Null when collections are not to be forced. */
  readonly cadence: CadenceController | null;
  readonly load: () => LoadTick | null;
  /** Left out when the target's own figures are not read. */
  readonly gauges?: Pick<GaugeReader, 'ask' | 'take'> | undefined;
  readonly phase: () => Phase;
  readonly emit: (sample: Sample) => void;
  /** Takes the processes of the target's tree at a tick; not called while it is alone. */
  readonly emitProcesses?: ((rows: readonly ProcessRow[]) => void) | undefined;
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
  const treeCpu = cpuMeter();
  const rigCpu = cpuMeter();
  const heaps = followHeaps(deps.heap?.descendants ?? NO_DESCENDANTS, deps.cadence !== null);
  let lastAnswerMs = Number.NEGATIVE_INFINITY;
  let ticksSinceCollection = Number.POSITIVE_INFINITY;
  let lastPhase: Phase | null = null;

  for await (const tick of ticks(clock, options.startMs - leadMs, options.everyMs, signal)) {
    const collect = deps.cadence?.shouldCollect(tick.dueMs) ?? false;
    deps.heap?.ask(collect);
    heaps.ask(collect);
    try {
      await clock.sleep(tick.dueMs + leadMs - clock.nowMs(), signal);
    } catch {
      return 'stopped';
    }
    const phase = deps.phase();
    const [target, rig] = await Promise.all([deps.target.read(phase !== lastPhase), deps.rig.read()]);
    if (target === null) return 'target-gone';
    lastPhase = phase;
    const nowMs = clock.nowMs();
    const answer = deps.heap?.latest() ?? null;
    const fresh = answer !== null && answer.atMs > lastAnswerMs ? answer.reading : null;
    lastAnswerMs = answer?.atMs ?? lastAnswerMs;
    if (fresh?.collectionMs != null) deps.cadence?.observePause(fresh.collectionMs);
    const descendants = target.members.map(({ pid }) => pid).filter((pid) => pid !== options.pid);
    const tree = heaps.read(fresh, descendants);
    const cpu = targetCpu(target.cpuMs, nowMs);
    const ofTree = treeCpu(target.treeCpuMs, nowMs);
    ticksSinceCollection = collect ? 0 : ticksSinceCollection + 1;
    const used = ofTree ?? cpu;
    if (used !== null && tick.missed === 0 && phase === 'steady')
      deps.cadence?.observe(used.usedMs, ticksSinceCollection);
    const elapsedMs = tenths(nowMs - options.startMs);
    deps.emit({
      timestamp: clock.wallTime().toISOString(),
      elapsedMs,
      phase,
      missedTicks: tick.missed,
      pid: options.pid,
      rssBytes: target.rssBytes,
      fds: target.fds,
      threads: target.threads,
      cpuPercent: cpu?.percent ?? null,
      ...target.cells,
      treeCpuPercent: ofTree?.percent ?? null,
      ...agentCells(fresh),
      ...tree.cells,
      agentAgeMs: answer === null ? null : tenths(nowMs - answer.atMs),
      ...loadCells(deps.load()),
      rigRssBytes: rig?.rssBytes ?? null,
      rigCpuPercent: rigCpu(rig?.cpuMs ?? null, nowMs)?.percent ?? null,
      rigFds: rig?.fds ?? null,
      gauges: deps.gauges?.take() ?? {},
    });
    // Right after a row, so that the connection has gone again by the next one.
    void deps.gauges?.ask(nowMs);
    if (target.members.length > 0) {
      const heapOf = (pid: number) => (pid === options.pid ? fresh : (tree.answers.get(pid) ?? null));
      deps.emitProcesses?.(target.members.map((member) => processRow(elapsedMs, member, heapOf(member.pid))));
    }
  }
  return 'stopped';
}
