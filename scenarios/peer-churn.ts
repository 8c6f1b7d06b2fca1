import { defineScenario } from '../harness/index.js';
import { COMING_AND_GOING } from './node-budgets.js';
import { peerLoad } from './peer-load.js';
import { peerNode } from './peer-node.js';

/** Longest that a peer that says nothing is held, and one that has shaken hands. */
const HOLD_MS = 2_000;
const STAY_MS = 180_000;
/** All that there are: each connection comes from an address that the target has not seen. */
const SOURCES = 2 ** 22 - 1;
/** Times the node's limit for one address, they are fewer than its limit for all. */
const STAY_SOURCES = 3;

/** Peers that come and go, most of them badly behaved: what does a peer keep of them? */
export const peerChurn = defineScenario({
  name: 'peer-churn',
  summary: 'peers that shake hands, fall silent, stop half-way or are banned: what does a peer keep of them?',
  exposes: ['inbound-peers', 'banned-ips'],
  defaults: { durationMs: 60_000, ratePerSec: 1_000, connections: 6_000 },
  ...peerNode({
    // Of one address ten may stay; many are between two words at any moment, and need room.
    net: { max_inbound_peers: 500 },
    // What is kept of a ban is some 40 to 70 bytes: of 900 a second, 2 to 3.6 MiB a minute. A quick run is held to it, too.
    ofNode: { budgets: { ...COMING_AND_GOING, 'live-heap': 2 ** 20 } },
  }),
  load: (choices) => ({
    kind: 'peer-churn',
    ...peerLoad(choices),
    // Most are strangers: what is kept of a banned address is small.
    modes: { stranger: 90, handshake: 3, stay: 3, silent: 2, half: 1, mute: 1 },
    maxConnections: choices.connections,
    holdMs: HOLD_MS,
    stayMs: STAY_MS,
    sources: SOURCES,
    staySources: STAY_SOURCES,
  }),
});
