import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { listenForAgents } from '../../harness/agent/client.js';
import type { HeapReading } from '../../harness/core/heap-reading.js';
import { type StartedNode, type StartOptions, startNode } from './start-node.js';

/** A node that can be looked into. */
export interface WatchedNode extends StartedNode {
  /** V8 heap in use right after a forced full collection, in bytes. */
  liveHeapBytes(): Promise<number>;
  /** How late its event loop was since the last reading of any kind, 99th percentile in milliseconds. */
  eventLoopDelayP99Ms(): Promise<number>;
}

const GREETING_MS = 10_000;
const COLLECTION_MS = 60_000;
const POLL_MS = 20;

/** Starts the node with the harness's agent inside. */
export async function startWatchedNode(toml: string, options: StartOptions = {}): Promise<WatchedNode> {
  const folder = mkdtempSync(join(tmpdir(), 'leak-soak-agent-'));
  const agents = await listenForAgents(join(folder, 'agent'), () => performance.now());
  const node = await startNode(toml, { ...options, env: agents.environment(process.env) });
  if (!(await agents.greeted(node.pid, GREETING_MS))) throw new Error('the agent does not answer');
  /** What the next answer says, once it has come; a figure that is not in it is waited for. */
  const read = async (collect: boolean, figure: (reading: HeapReading) => number | null): Promise<number> => {
    const askedMs = performance.now();
    agents.ask(node.pid, collect);
    while (performance.now() - askedMs < COLLECTION_MS) {
      await delay(POLL_MS);
      const latest = agents.latest(node.pid);
      const value = latest !== null && latest.atMs > askedMs ? figure(latest.reading) : null;
      if (value !== null) return value;
    }
    throw new Error('the node does not answer the agent');
  };
  return {
    ...node,
    liveHeapBytes: () => read(true, ({ liveHeapBytes }) => liveHeapBytes),
    eventLoopDelayP99Ms: () => read(false, ({ eventLoopDelayP99Ms }) => eventLoopDelayP99Ms),
    stop: async (signal) => {
      const end = await node.stop(signal);
      await agents.close();
      rmSync(folder, { recursive: true, force: true });
      return end;
    },
  };
}
