import { defineScenario } from '../harness/index.js';
import { SERVER_BUDGETS } from './server-budgets.js';

/** Any HTTP server: one request over and over, open loop. */
export const http = defineScenario({
  name: 'http',
  summary:
    'one HTTP request over and over, open loop, at a server of yours (--command or --pid, and --http URL)',
  exposes: [],
  needs: ['http'],
  overload: false,
  defaults: { durationMs: 60_000, ratePerSec: 200, connections: 20 },
  budgets: SERVER_BUDGETS,
  targetConfig: null,
  load: ({ ratePerSec, rateFlow, seed, connections, request, allowRemote }) => ({
    kind: 'http-flood',
    ratePerSec,
    ...(rateFlow === null ? {} : { rateFlow }),
    seed,
    timeoutMs: 5_000,
    connections,
    allowRemote,
    request,
  }),
});
