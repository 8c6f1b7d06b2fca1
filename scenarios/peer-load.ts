import type { BlockBurstPlan, LoadChoices, PeerLoadPlan } from '../harness/index.js';
import { upstreamFor } from './dns-node.js';

/** What every load on an ALFIS peer takes from the choices of a run. */
export function peerLoad(choices: LoadChoices): PeerLoadPlan {
  const { ratePerSec, rateFlow, seed, peer, allowRemote } = choices;
  return {
    ratePerSec,
    ...(rateFlow === null ? {} : { rateFlow }),
    seed,
    timeoutMs: 3_000,
    identity: peer,
    allowRemote,
    upstream: upstreamFor(choices),
  };
}

/** Blocks out of order, with what an attacker mixes in; in percent. A maximal one weighs as much as thirty others. */
export const BURST_PARTS: BlockBurstPlan['parts'] = {
  shuffled: 17,
  gap: 5,
  'far-future': 64,
  maximal: 10,
  junk: 2,
  'lying-height': 2,
};

/** Zero bits in the hashes of honest blocks: what the target asks for, `[chain] difficulty` of the built-in node. */
export const CHAIN_DIFFICULTY = 4;

/** How far out of order honest blocks come. */
export const SHUFFLE_DEPTH = 200;
