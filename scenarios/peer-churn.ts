import { defineScenario, SERVER_BUDGETS } from '../harness/index.js';
import { peerLoad } from './peer-load.js';

/** Longest that a peer that says nothing is held, and one that has shaken hands. */
const HOLD_MS = 2_000;
const STAY_MS = 180_000;
/** All that there are: each connection comes from an address that the target has not seen. */
const SOURCES = 2 ** 22 - 1;

/** Peers that come and go, most of them badly behaved: what does a peer keep of them? */
export const peerChurn = defineScenario({
  name: 'peer-churn',
  summary: 'peers that shake hands, fall silent, stop half-way or are banned, at an ALFIS peer (--peer)',
  exposes: [],
  needs: ['peer'],
  overload: false,
  defaults: { durationMs: 60_000, ratePerSec: 500, connections: 6_000 },
  budgets: SERVER_BUDGETS,
  targetConfig: null,
  load: (choices) => ({
    kind: 'peer-churn',
    ...peerLoad(choices),
    // Most are strangers: what is kept of a banned address is small.
    modes: { stranger: 12, handshake: 3, stay: 1, silent: 2, half: 1, mute: 1 },
    maxConnections: choices.connections,
    holdMs: HOLD_MS,
    stayMs: STAY_MS,
    sources: SOURCES,
  }),
});
