import { defineScenario } from '../harness/index.js';
import { dnsLoad } from './dns-load.js';
import { SERVER_BUDGETS } from './server-budgets.js';

/** DNS over HTTPS (RFC 8484) on a few connections that live long. */
export const dohFlood = defineScenario({
  name: 'doh-flood',
  summary: 'DNS over HTTP/1.1, open loop, at a server of yours (--doh 127.0.0.1:8053)',
  exposes: [],
  needs: ['doh'],
  overload: false,
  defaults: { durationMs: 60_000, ratePerSec: 500, zone: 'leak-soak.test', connections: 32 },
  budgets: SERVER_BUDGETS,
  targetConfig: null,
  load: (choices) => ({
    kind: 'doh',
    http: '1.1',
    ...dnsLoad(choices),
    connections: choices.connections,
    upstream: null,
  }),
});
