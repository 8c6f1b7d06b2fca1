import { defineScenario, SERVER_BUDGETS } from '../harness/index.js';
import { BURST_PARTS, CHAIN_DIFFICULTY, peerLoad, SHUFFLE_DEPTH } from './peer-load.js';

/** Honest peers that fetch nothing and serve a chain badly, while an attacker floods: is the chain complete in the end? */
export const chainSync = defineScenario({
  name: 'chain-sync',
  summary:
    'a chain of 2 000 blocks from 8 peers, shuffled, lossy and late, under attack, to an ALFIS peer (--peer)',
  exposes: [],
  needs: ['peer'],
  overload: false,
  defaults: { durationMs: 60_000, ratePerSec: 500, connections: 4 },
  budgets: SERVER_BUDGETS,
  targetConfig: null,
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
