import { defineScenario, SERVER_BUDGETS } from '../harness/index.js';

/** Any HTTP server: one request over and over. */
export const http = defineScenario({
  name: 'http',
  summary: 'one HTTP request over and over at a server of yours (--command or --pid, and --http URL)',
  exposes: [],
  needs: ['http'],
  overload: false,
  closedModel: true,
  defaults: { durationMs: 60_000, ratePerSec: 200, connections: 20 },
  budgets: SERVER_BUDGETS,
  targetConfig: null,
  load: ({ ratePerSec, rateFlow, outstanding, seed, connections, insecure, request, allowRemote }) => ({
    kind: 'http-flood',
    ratePerSec,
    ...(rateFlow === null ? {} : { rateFlow }),
    ...(outstanding === null ? {} : { outstanding }),
    seed,
    timeoutMs: 5_000,
    connections,
    insecure,
    allowRemote,
    request,
  }),
});
