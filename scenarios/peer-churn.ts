import { defineScenario } from '../harness/index.js';
import { peerLoad } from './peer-load.js';
import { SERVER_BUDGETS } from './server-budgets.js';

/** Longest that a peer stays, silent or not. */
const HOLD_MS = 2_000;
/** More addresses than a node may ban or count connections of, and few enough that they come again. */
const SOURCES = 10_000;

/** Peers that come and go, most of them badly behaved: what does a peer keep of them? */
export const peerChurn = defineScenario({
  name: 'peer-churn',
  summary: 'peers that shake hands and go, fall silent or stop half-way, at an ALFIS peer (--peer)',
  exposes: [],
  needs: ['peer'],
  overload: false,
  defaults: { durationMs: 60_000, ratePerSec: 200, connections: 1_000 },
  budgets: SERVER_BUDGETS,
  targetConfig: null,
  load: (choices) => ({
    kind: 'peer-churn',
    ...peerLoad(choices),
    modes: { handshake: 4, stay: 2, silent: 2, half: 1, mute: 1 },
    maxConnections: choices.connections,
    holdMs: HOLD_MS,
    sources: SOURCES,
  }),
});
