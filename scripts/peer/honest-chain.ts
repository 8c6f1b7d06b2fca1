import { type HonestPeers, startHonestPeers } from '../../harness/load/peer/honest-peers.js';
import { DEFAULT_IDENTITY } from '../../harness/load/peer/identity.js';
import { CHAIN_DIFFICULTY } from '../../scenarios/peer-load.js';

/** An honest peer of the harness's own with a chain of so many blocks, which it hands out by `depth` out of order. */
export function startHonestChain(blocks: number, seed: number, depth: number): Promise<HonestPeers> {
  return startHonestPeers({
    kind: 'chain-sync',
    chain: { blocks, difficulty: CHAIN_DIFFICULTY, seed },
    seed,
    peers: 1,
    depth,
    delayMs: 20,
    loss: 0,
    identity: DEFAULT_IDENTITY,
    // It has no attacker beside it here.
    ratePerSec: 0,
    timeoutMs: 0,
    connections: 0,
    parts: {},
    upstream: null,
  });
}
