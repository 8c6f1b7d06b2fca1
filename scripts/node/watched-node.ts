import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { listenForAgents } from '../../harness/agent/client.js';
import { type StartedNode, type StartOptions, startNode } from './start-node.js';

/** A node whose live heap can be read. */
export interface WatchedNode extends StartedNode {
  /** V8 heap in use right after a forced full collection, in bytes. */
  liveHeapBytes(): Promise<number>;
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
  return {
    ...node,
    liveHeapBytes: async () => {
      const askedMs = performance.now();
      agents.ask(node.pid, true);
      while (performance.now() - askedMs < COLLECTION_MS) {
        await delay(POLL_MS);
        const latest = agents.latest(node.pid);
        const bytes = latest !== null && latest.atMs > askedMs ? latest.reading.liveHeapBytes : null;
        if (bytes !== null) return bytes;
      }
      throw new Error('the node does not answer the agent');
    },
    stop: async () => {
      const end = await node.stop();
      await agents.close();
      rmSync(folder, { recursive: true, force: true });
      return end;
    },
  };
}
