import { defineScenario, SERVER_BUDGETS } from '../harness/index.js';
import { BURST_PARTS, CHAIN_DIFFICULTY, peerLoad, SHUFFLE_DEPTH } from './peer-load.js';
import { peerNode } from './peer-node.js';

/** Honest blocks that a burst takes from: enough for junk to stand all over a window of future blocks. */
const CHAIN_BLOCKS = 500;

/** Blocks that nobody asked for, by the thousand: which of them does a peer keep, and for how long? */
export const blockBurst = defineScenario({
  name: 'block-burst',
  summary: 'blocks out of order, from the future, as junk, as large as can be: what does a peer keep?',
  exposes: ['future-blocks', 'seen-blocks'],
  defaults: { durationMs: 60_000, ratePerSec: 2_000, connections: 8 },
  // Two thousand blocks a second are garbage at once: with 16 MB halves they stand for 40 MB of RSS.
  ...peerNode({ ofNode: { semiSpaceMb: 2 } }),
  // Sealed messages on their way are external memory, 3 to 12 MiB of it: a minute tells that to ± 1.5 MiB/min.
  budgets: { ...SERVER_BUDGETS, external: 4 * 2 ** 20 },
  load: (choices) => ({
    kind: 'block-burst',
    ...peerLoad(choices),
    connections: choices.connections,
    parts: BURST_PARTS,
    chain: { blocks: CHAIN_BLOCKS, difficulty: CHAIN_DIFFICULTY, seed: choices.seed },
    depth: SHUFFLE_DEPTH,
  }),
});
