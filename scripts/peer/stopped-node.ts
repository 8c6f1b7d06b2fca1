import { setTimeout as delay } from 'node:timers/promises';
import { DEFAULT_IDENTITY } from '../../harness/load/peer/identity.js';
import type { BlockBurstPlan } from '../../harness/load/peer/peer-plan.js';
import { blockBurst } from '../../scenarios/block-burst.js';
import { BURST_PARTS, CHAIN_DIFFICULTY, SHUFFLE_DEPTH } from '../../scenarios/peer-load.js';
import { startLoadedNode } from '../node/loaded-node.js';
import { inChainFolder } from './chain-folder.js';
import { peerToml } from './peer-toml.js';

/** How a node ended that was told to under load. */
export interface Stop {
  readonly code: number | null;
  readonly tookMs: number;
  /** Messages that it had read by then. */
  readonly messages: number;
}

const LOAD_SEC = 5;
const POLL_MS = 20;
/** A second's worth of the load: fewer, and it was not in the middle of it. */
export const IN_BURST_MESSAGES = 2000;

/**
 * Starts a node, floods it with blocks as scenario `block-burst` does at its full rate, and signals it once it has read
 * enough of them.
 */
export function stopInBurst(seed: number): Promise<Stop> {
  return inChainFolder(async (folder) => {
    const { node, run, close } = await startLoadedNode([peerToml(folder)]);
    try {
      let isLoaded = true;
      const load = run(burst(seed), LOAD_SEC).finally(() => {
        isLoaded = false;
      });
      let messages = 0;
      while (isLoaded && messages < IN_BURST_MESSAGES) {
        await delay(POLL_MS);
        messages = (await node.chain())?.counters.messages ?? Number.NaN;
      }
      const { code, tookMs } = await node.stop();
      await load;
      return { code, tookMs, messages };
    } finally {
      await close();
    }
  });
}

function burst(seed: number): BlockBurstPlan {
  const { ratePerSec = 2000, connections = 8 } = blockBurst.defaults;
  return {
    kind: 'block-burst',
    ratePerSec,
    connections,
    seed,
    // What is under way when the node ends is waited for: it takes no longer than that.
    timeoutMs: 500,
    identity: DEFAULT_IDENTITY,
    parts: BURST_PARTS,
    chain: { blocks: 500, difficulty: CHAIN_DIFFICULTY, seed },
    depth: SHUFFLE_DEPTH,
    upstream: null,
  };
}
