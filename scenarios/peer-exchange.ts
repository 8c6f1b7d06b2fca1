import { defineScenario } from '../harness/index.js';
import { peerLoad } from './peer-load.js';
import { peerNode } from './peer-node.js';

/** A frame holds 3 000. A list that is searched from its beginning takes all of the target's time before its memory. */
const ADDRESSES_PER_FRAME = 20;
/** `--allow-remote` with this lets a target be told of addresses that it may dial outside this machine (RFC 2544). */
const BENCHMARK_NETWORK = '198.18.0.0/15';

/** Addresses of peers that nobody asked for and that nobody has: how many does a peer keep? */
export const peerExchange = defineScenario({
  name: 'peer-exchange',
  summary: 'addresses of peers that do not exist, twenty at a time: what does a peer keep?',
  exposes: ['new-peers'],
  defaults: { durationMs: 60_000, ratePerSec: 50, connections: 4 },
  ...peerNode(),
  load: (choices) => ({
    kind: 'peer-exchange',
    ...peerLoad(choices),
    connections: choices.connections,
    addressesPerFrame: ADDRESSES_PER_FRAME,
    addresses: choices.allowRemote.includes(BENCHMARK_NETWORK) ? 'benchmark' : 'loopback',
  }),
});
