import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '../../harness/core/random.js';
import type { HonestPeers } from '../../harness/load/peer/honest-peers.js';
import { pick } from '../../harness/load/peer/shuffle.js';
import { type NodeChain, type StartedNode, startNode } from '../node/start-node.js';
import { inChainFolder } from './chain-folder.js';
import { startHonestChain } from './honest-chain.js';
import { peerToml } from './peer-toml.js';

/** What became of a chain whose node was killed over and over while it synced. */
export interface Kills {
  readonly blocks: number;
  /** Heights at which the chain was opened after each kill: below `blocks` where that came in mid-sync. */
  readonly opened: readonly number[];
  /** Kills after which the chain was shorter than the node had told shortly before. */
  readonly losses: number;
  /** At the end. */
  readonly height: number;
  /** Whether the last block is the honest peer's. */
  readonly isSameTip: boolean;
  readonly tookSec: number;
}

/** A node is killed after 1 to 200 blocks were sent to it; those that it has not written yet are lost with it. */
const MOST_SENT = 200;
const BLOCKS_PER_KILL = 60;
/** And up to so many milliseconds later, while it writes them. */
const MOST_LATE_MS = 8;
/** How far out of order the blocks come. */
const DEPTH = 20;
const SYNC_MS = 120_000;

/** Has a node sync from an honest peer, kills it so often, and lets it come to the end. */
export function killInMidSync(kills: number, seed: number): Promise<Kills> {
  return inChainFolder(async (folder) => {
    const honest = await startHonestChain((kills + 2) * BLOCKS_PER_KILL, seed, DEPTH);
    try {
      return await killWhileSyncing(honest, folder, kills, seededRandom(seed));
    } finally {
      honest.close();
    }
  });
}

async function killWhileSyncing(
  honest: HonestPeers,
  folder: string,
  kills: number,
  random: () => number,
): Promise<Kills> {
  const toml = peerToml(folder, [honest.address]);
  const blocks = honest.chain.height;
  const startMs = performance.now();
  const opened: number[] = [];
  let losses = 0;
  let node = await startNode(toml);
  try {
    for (let kill = 0; kill < kills; kill++) {
      const enough = honest.progress().served + 1 + pick(MOST_SENT, random);
      await until(async () => honest.progress().served >= enough);
      const { height: told } = await chainOf(node);
      await delay(pick(MOST_LATE_MS + 1, random));
      await node.stop('SIGKILL');
      node = await startNode(toml);
      const { height } = await chainOf(node);
      opened.push(height);
      if (height < told) losses++;
    }
    await until(async () => (await chainOf(node)).height >= blocks);
    const { height, tip } = await chainOf(node);
    const tookSec = (performance.now() - startMs) / 1000;
    return { blocks, opened, losses, height, isSameTip: tip === honest.chain.tip, tookSec };
  } finally {
    await node.stop();
  }
}

async function chainOf(node: StartedNode): Promise<NodeChain> {
  const chain = await node.chain();
  if (chain === null) throw new Error('the node is no peer');
  return chain;
}

/** Looks every millisecond, for two minutes at most: a chain that stands still is what the heights then show. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + SYNC_MS;
  while (!(await isSo()) && performance.now() < endMs) await delay(1);
}
