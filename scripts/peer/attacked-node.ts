import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '../../harness/core/random.js';
import { parseLoopback } from '../../harness/load/loopback-address.js';
import { makeChain } from '../../harness/load/peer/chain/make-chain.js';
import type { PeerIdentity } from '../../harness/load/peer/identity.js';
import { CHAIN_DIFFICULTY } from '../../scenarios/peer-load.js';
import type { NodeChain } from '../node/start-node.js';
import { startWatchedNode, type WatchedNode } from '../node/watched-node.js';
import { inChainFolder } from './chain-folder.js';
import { type HonestService, startHonestAsker } from './honest-asker.js';
import { startHonestChain } from './honest-chain.js';
import { createHostileCrowd, type Sent } from './hostile-crowd.js';
import { peerToml } from './peer-toml.js';

/** How a node fared under an attack, and how honest peers did meanwhile. */
export interface Attack {
  readonly sent: Sent;
  readonly service: HonestService;
  /** What the node counted of its peers. */
  readonly counters: NodeChain['counters'];
  /** Errors of its own that it caught, anywhere. */
  readonly internalErrors: number;
  /** Live heap in bytes after the first tenth, and at the end. */
  readonly heapBefore: number;
  readonly heapAfter: number;
  /** Open descriptors before, and at the end. */
  readonly fdsBefore: number;
  readonly fdsAfter: number;
  /** The exit code after SIGTERM. */
  readonly code: number | null;
  readonly tookSec: number;
}

/** Blocks that the node has, and that the attackers know. */
const BLOCKS = 300;
const KNOWN_BLOCKS = 400;
const FIRST_SHARE = 0.1;
const FILL_MS = 60_000;
const DRAIN_MS = 15_000;
const POLL_MS = 50;

/** Starts a node with a chain, and `args`, and sends it so many hellos and frames, while honest peers ask it. */
export function attackNode(count: number, seed: number, args: readonly string[] = []): Promise<Attack> {
  return inChainFolder(async (folder) => {
    const node = await startWatchedNode(peerToml(folder), { flags: ['--max-old-space-size=512'], args });
    try {
      return await attack(node, count, seed);
    } finally {
      await node.stop();
    }
  });
}

async function attack(node: WatchedNode, count: number, seed: number): Promise<Attack> {
  const to = parseLoopback(node.peer ?? '');
  const chain = makeChain({ blocks: KNOWN_BLOCKS, difficulty: CHAIN_DIFFICULTY, seed });
  const crowd = createHostileCrowd(to, chain, seed);
  const identity = await fill(node, seed);
  const asker = startHonestAsker(to, identity, chain, BLOCKS, seededRandom(seed));
  try {
    await settled(node);
    const fdsBefore = descriptorsOf(node);
    const startMs = performance.now();
    const attackUntil = async (total: number): Promise<HonestService> => {
      asker.resume();
      await crowd.sendUntil(total);
      const service = await asker.pause();
      await settled(node);
      return service;
    };
    await attackUntil(FIRST_SHARE * count);
    const heapBefore = await node.liveHeapBytes();
    const service = await attackUntil(count);
    const tookSec = (performance.now() - startMs) / 1000;
    const heapAfter = await node.liveHeapBytes();
    const fdsAfter = descriptorsOf(node);
    const { counters } = await chainOf(node);
    const { internalErrors: ofQueries = Number.NaN } = await node.counters();
    const internalErrors = ofQueries + (counters.internalErrors ?? Number.NaN);
    const { code } = await node.stop();
    const heap = { heapBefore, heapAfter, fdsBefore, fdsAfter };
    return { sent: crowd.sent, service, counters, internalErrors, ...heap, code, tookSec };
  } finally {
    asker.close();
  }
}

/** Has the node sync the first blocks of the chain from an honest peer, and returns who that was. */
async function fill(node: WatchedNode, seed: number): Promise<PeerIdentity> {
  const honest = await startHonestChain(BLOCKS, seed, 1);
  const endMs = performance.now() + FILL_MS;
  try {
    honest.call(parseLoopback(node.peer ?? ''));
    while ((await chainOf(node)).height < BLOCKS) {
      if (performance.now() > endMs) throw new Error(`the node has not synced ${BLOCKS} blocks in a minute`);
      await delay(POLL_MS);
    }
    return honest.identity;
  } finally {
    honest.close();
  }
}

/** Waits until the one honest peer is all that is left, and what the node dialled is over. */
async function settled(node: WatchedNode): Promise<void> {
  const entriesOf = async (name: string): Promise<number> => (await node.structure(name))?.entries ?? 0;
  const endMs = performance.now() + DRAIN_MS;
  while (performance.now() < endMs) {
    if ((await entriesOf('inbound_peers')) === 1 && (await entriesOf('outgoing_peers')) === 0) return;
    await delay(POLL_MS);
  }
}

async function chainOf(node: WatchedNode): Promise<NodeChain> {
  const chain = await node.chain();
  if (chain === null) throw new Error('the node is no peer');
  return chain;
}

function descriptorsOf({ pid }: WatchedNode): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
