import { defineScenario } from '../harness/index.js';
import { BURST_PARTS, CHAIN_DIFFICULTY, peerLoad, SHUFFLE_DEPTH } from './peer-load.js';
import { peerNode } from './peer-node.js';

/** Honest peers that fetch nothing and serve a chain badly, while an attacker floods: is the chain complete in the end? */
export const chainSync = defineScenario({
  name: 'chain-sync',
  summary:
    'a chain of 2 000 blocks from 8 peers, shuffled, lossy and late, under attack: is it whole in the end?',
  exposes: [],
  defaults: { durationMs: 60_000, ratePerSec: 500, connections: 4 },
  ...peerNode({ net: { max_future_blocks: 1000, max_future_blocks_mb: 16 } }),
  load: (choices) => ({
    kind: 'chain-sync',
    ...peerLoad(choices),
    chain: { blocks: 2_000, difficulty: CHAIN_DIFFICULTY, seed: choices.seed },
    peers: 8,
    depth: SHUFFLE_DEPTH,
    loss: 0.05,
    delayMs: 100,
    connections: choices.connections,
    parts: BURST_PARTS,
  }),
});
