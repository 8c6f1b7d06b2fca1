import { defineScenario, SERVER_BUDGETS } from '../harness/index.js';
import { dnsLoad } from './dns-load.js';

/** DNS over HTTPS (RFC 8484) on a few connections that live long. */
export const dohFlood = defineScenario({
  name: 'doh-flood',
  summary: 'DNS over HTTPS at a server of yours (--doh https://127.0.0.1:8443/dns-query), HTTP/1.1 or 2',
  exposes: [],
  needs: ['doh'],
  overload: false,
  closedModel: true,
  defaults: { durationMs: 60_000, ratePerSec: 500, zone: 'leak-soak.test', connections: 32 },
  budgets: SERVER_BUDGETS,
  targetConfig: null,
  load: (choices) => ({
    kind: 'doh',
    http: choices.httpVersion,
    insecure: choices.insecure,
    ...dnsLoad(choices),
    connections: choices.connections,
    upstream: null,
  }),
});
