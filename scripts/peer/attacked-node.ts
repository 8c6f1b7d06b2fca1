import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '../../harness/core/random.js';
import { parseLoopback } from '../../harness/load/loopback-address.js';
import { makeChain } from '../../harness/load/peer/chain/make-chain.js';
import { CHAIN_DIFFICULTY } from '../../scenarios/peer-load.js';
import type { NodeChain } from '../node/start-node.js';
import { startWatchedNode, type WatchedNode } from '../node/watched-node.js';
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
const DRAIN_MS = 15_000;
const POLL_MS = 50;

/** Starts a node with a chain, and `args`, and sends it so many hellos and frames, while honest peers ask it. */
export async function attackNode(count: number, seed: number, args: readonly string[] = []): Promise<Attack> {
  const folder = mkdtempSync(join(tmpdir(), 'leak-soak-chain-'));
  const node = await startWatchedNode(peerToml(folder), { flags: ['--max-old-space-size=512'], args });
  const to = parseLoopback(node.peer ?? '');
  const chain = makeChain({ blocks: KNOWN_BLOCKS, difficulty: CHAIN_DIFFICULTY, seed });
  const crowd = createHostileCrowd(to, chain, seed);
  let closeAsker = (): void => undefined;
  try {
    const identity = await fill(node, seed);
    const asker = startHonestAsker(to, identity, chain, BLOCKS, seededRandom(seed));
    closeAsker = asker.close;
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
    closeAsker();
    await node.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Has the node sync the first blocks of the chain from an honest peer, and returns who that was. */
async function fill(node: WatchedNode, seed: number) {
  const honest = await startHonestChain(BLOCKS, seed, 1);
  try {
    honest.call(parseLoopback(node.peer ?? ''));
    while ((await chainOf(node)).height < BLOCKS) await delay(POLL_MS);
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
