import type { AgentClient, WantedSnapshot } from '../agent/client.js';
import { connectToInspector } from '../agent/inspector.js';
import type { Attribution } from '../core/attribution.js';
import { openInspector } from '../process/open-inspector.js';
import { processTree } from '../process/process-tree.js';
import type { HeapProbe } from '../sampling/sampler.js';

/** A process of the target, and how large its heap was at its last answer. */
export interface HeapSize {
  readonly pid: number;
  readonly heapUsedBytes: number;
}

/** The heaps of a target from inside: readings for the sampler, and snapshots once it is done. */
export interface HeapAccess extends HeapProbe {
  readonly engine: Attribution['engine'];
  /** The process with the largest heap of those that can be asked; null before any has answered. */
  largest(): HeapSize | null;
  /**
   * Writes a snapshot of this process, which stands still meanwhile; only the agent samples. Rejects with `could-not-run`, and with the
   * signal's reason.
   */
  snapshot(pid: number, wanted: WantedSnapshot, signal: AbortSignal): Promise<void>;
}

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
    largest: () => sizeOf(pid, inspector.latest())[0] ?? null,
    snapshot: (_pid, wanted, stop) => inspector.snapshot(wanted.snapshot, stop),
  };
}

function sizeOf(pid: number, latest: ReturnType<HeapProbe['latest']>): readonly HeapSize[] {
  return latest === null ? [] : [{ pid, heapUsedBytes: latest.reading.heapUsedBytes }];
}
