import { defineScenario, SERVER_BUDGETS } from '../harness/index.js';
import { peerLoad } from './peer-load.js';

/** A frame holds 3 000. A list that is searched from its beginning takes all of the target's time before its memory. */
const ADDRESSES_PER_FRAME = 100;
/** `--allow-remote` with this lets a target be told of addresses that it may dial outside this machine (RFC 2544). */
const BENCHMARK_NETWORK = '198.18.0.0/15';

/** Addresses of peers that nobody asked for and that nobody has: how many does a peer keep? */
export const peerExchange = defineScenario({
  name: 'peer-exchange',
  summary: 'addresses of peers that do not exist, a hundred at a time, at an ALFIS peer (--peer)',
  exposes: [],
  needs: ['peer'],
  overload: false,
  defaults: { durationMs: 60_000, ratePerSec: 10, connections: 4 },
  budgets: SERVER_BUDGETS,
  targetConfig: null,
  load: (choices) => ({
    kind: 'peer-exchange',
    ...peerLoad(choices),
    connections: choices.connections,
    addressesPerFrame: ADDRESSES_PER_FRAME,
    addresses: choices.allowRemote.includes(BENCHMARK_NETWORK) ? 'benchmark' : 'loopback',
  }),
});
