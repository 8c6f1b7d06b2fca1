import type { AgentClient, WantedSnapshot } from '../agent/client.js';
import { connectToInspector } from '../agent/inspector.js';
import type { Attribution } from '../core/attribution.js';
import { openInspector } from '../process/open-inspector.js';
import { processTree } from '../process/process-tree.js';
import { type SnapshotSignal, snapshotBySignal } from '../process/signal-snapshot.js';
import { anonymousBytes } from '../process/status-field.js';
import type { HeapProbe } from '../sampling/sampler.js';

/** A process of the target, and how large its heap was at its last answer. */
export interface HeapSize {
  readonly pid: number;
  readonly heapUsedBytes: number;
}

/** Who takes heap snapshots of a target. */
export interface SnapshotEngine {
  readonly engine: Attribution['engine'];
  /** The process with the largest heap of those that can be asked, and asks again; null before any has answered. */
  largest(): HeapSize | null;
  /**
   * Writes a snapshot of this process, which stands still meanwhile; only the agent samples. Rejects with
   * `could-not-run`, and with the signal's reason.
   */
  snapshot(pid: number, wanted: WantedSnapshot, signal: AbortSignal): Promise<void>;
}

/** The heaps of a target from inside: readings for the sampler, and snapshots once it is done. */
export interface HeapAccess extends HeapProbe, SnapshotEngine {}

/** How long the agent may take to greet once the target is ready. */
const GREETING_TIMEOUT_MS = 2_000;

/** The agent that the environment of a launch brought into a process and its children; null when none greets. */
export async function agentIn(pid: number, agents: AgentClient): Promise<HeapAccess | null> {
  if (!(await agents.greeted(pid, GREETING_TIMEOUT_MS))) return null;
  return {
    engine: 'agent',
    ask: (collect) => agents.ask(pid, collect),
    latest: () => agents.latest(pid),
    descendants: agents,
    largest: () => {
      agents.ask(pid, false);
      const descendants = processTree(pid).map((process) => process.pid);
      const heaps = [...new Set([pid, ...descendants])].flatMap((one) => sizeOf(one, agents.latest(one)));
      return heaps.sort((a, b) => b.heapUsedBytes - a.heapUsedBytes)[0] ?? null;
    },
    snapshot: (one, wanted, signal) => agents.snapshot(one, wanted, signal),
  };
}

/** What opening an inspector needs of the run around it. */
interface InspectorSurroundings {
  readonly nowMs: () => number;
  /** Takes what has to be done at the end. */
  readonly atEnd: (end: () => void) => void;
  readonly signal: AbortSignal;
}

/** The inspector of a process, left as it was found when the run is over. */
export async function inspectorOf(
  pid: number,
  { nowMs, atEnd, signal }: InspectorSurroundings,
): Promise<HeapAccess> {
  const { port, opened } = await openInspector(pid, signal);
  const inspector = await connectToInspector(port, nowMs);
  atEnd(() => inspector.close(opened));
  return {
    engine: 'inspector',
    ask: (collect) => inspector.ask(collect),
    latest: () => inspector.latest(),
    largest: () => {
      inspector.ask(false);
      return sizeOf(pid, inspector.latest())[0] ?? null;
    },
    snapshot: (_pid, wanted, stop) => inspector.snapshot(wanted.snapshot, stop),
  };
}

/**
 * Snapshots that the target writes by itself. Where nothing reads its heap, that is taken for as large as the memory
 * it is in, before the first snapshot raises it.
 */
export function snapshotsOnSignal(
  pid: number,
  snapshotSignal: SnapshotSignal,
  heap: HeapAccess | null,
): SnapshotEngine {
  let atMost: HeapSize | null = null;
  const resident = (): HeapSize | null => {
    const heapUsedBytes = anonymousBytes(pid);
    return heapUsedBytes === null ? null : { pid, heapUsedBytes };
  };
  return {
    engine: 'signal',
    largest: () => {
      if (heap !== null) return heap.largest();
      atMost ??= resident();
      return atMost;
    },
    snapshot: (one, { snapshot }, signal) => snapshotBySignal(one, snapshotSignal, snapshot, signal),
  };
}

function sizeOf(pid: number, latest: ReturnType<HeapProbe['latest']>): readonly HeapSize[] {
  return latest === null ? [] : [{ pid, heapUsedBytes: latest.reading.heapUsedBytes }];
}
