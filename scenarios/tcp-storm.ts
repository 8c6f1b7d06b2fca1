import { defineScenario, SERVER_BUDGETS } from '../harness/index.js';

/** Longest that a bad client holds its connection. */
const HOLD_MS = 2_000;

/** Every kind of bad client at once: what does a server keep of them? */
export const tcpStorm = defineScenario({
  name: 'tcp-storm',
  summary: 'connections that close at once, reset, say nothing or drip bytes, at a server of yours (--tcp)',
  exposes: [],
  needs: ['tcp'],
  overload: false,
  defaults: { durationMs: 60_000, ratePerSec: 200, connections: 1_000 },
  budgets: SERVER_BUDGETS,
  targetConfig: null,
  load: ({ ratePerSec, rateFlow, seed, zone, connections, allowRemote }) => ({
    kind: 'tcp-storm',
    ratePerSec,
    ...(rateFlow === null ? {} : { rateFlow }),
    modes: { close: 4, reset: 2, silent: 2, 'one-byte': 1, drip: 1 },
    maxConnections: connections,
    holdMs: HOLD_MS,
    timeoutMs: 3_000,
    seed,
    zone,
    allowRemote,
    upstream: null,
  }),
});
