import { defineScenario, SERVER_BUDGETS } from '../harness/index.js';
import { dnsLoad } from './dns-load.js';

/** A connection for each question: what does a server keep of connections that have ended? */
export const dnsTcp = defineScenario({
  name: 'dns-tcp',
  summary: 'DNS over TCP, a connection for each question, at a server of yours (--dns-tcp)',
  exposes: [],
  needs: ['dns-tcp'],
  overload: false,
  closedModel: true,
  defaults: { durationMs: 60_000, ratePerSec: 500, zone: 'leak-soak.test', connections: 1_000 },
  budgets: SERVER_BUDGETS,
  targetConfig: null,
  load: (choices) => ({
    kind: 'dns-tcp',
    mode: 'visit',
    ...dnsLoad(choices),
    connections: choices.connections,
    upstream: null,
  }),
});
