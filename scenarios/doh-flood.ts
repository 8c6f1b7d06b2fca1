import { type DohPlan, defineScenario, type LoadChoices, SERVER_BUDGETS } from '../harness/index.js';
import { dnsLoad } from './dns-load.js';
import { nodeConfig, upstreamFor } from './dns-node.js';
import { COMING_AND_GOING } from './node-budgets.js';

const MIB = 1024 * 1024;

/**
 * So few that those which come late are no growth to speak of: a further one is opened when all others are busy, and of
 * 32 the last dozen came one by one in the steady load, whenever the machine was held up.
 */
const CONNECTIONS = 8;

/** Requests a second whose bodies no message has, at our own node. */
const LARGE_BODIES_PER_SEC = 4;

const questions = (choices: LoadChoices): DohPlan => ({
  kind: 'doh',
  http: choices.httpVersion,
  insecure: choices.insecure,
  ...dnsLoad(choices, choices.foreign ? undefined : ['NOERROR']),
  connections: choices.connections,
  upstream: null,
});

/** DNS over HTTPS (RFC 8484) on a few connections that live long, and at our own node bodies of many megabytes. */
export const dohFlood = defineScenario({
  name: 'doh-flood',
  summary:
    'DNS over HTTPS (--doh https://127.0.0.1:8443/dns-query); bodies of megabytes at the built-in node',
  exposes: ['doh-body'],
  needs: ['doh'],
  overload: false,
  closedModel: true,
  defaults: { durationMs: 60_000, ratePerSec: 200, zone: 'leak-soak.test', connections: CONNECTIONS },
  budgets: SERVER_BUDGETS,
  targetConfig: ({ upstream }) => ({
    ...nodeConfig(upstream, { cache_max_memory_mb: 0.1 }),
    // So many that a few more or less of them are no part of the limit to speak of.
    doh: { listen: '127.0.0.1:0', max_connections: 1_000 },
  }),
  // A body may take five seconds to come: what is read of it in that time is bounded by time alone.
  ofNode: { services: ['dns', 'doh'], levels: { external: 16 * MIB }, budgets: COMING_AND_GOING },
  load: (choices) =>
    choices.foreign
      ? questions(choices)
      : {
          kind: 'mix',
          ratePerSec: choices.ratePerSec + LARGE_BODIES_PER_SEC,
          timeoutMs: 3_000,
          seed: choices.seed,
          parts: [
            questions(choices),
            {
              kind: 'large-bodies',
              ratePerSec: LARGE_BODIES_PER_SEC,
              bodyBytes: 16 * MIB,
              bytesPerSec: MIB,
              timeoutMs: 3_000,
            },
          ],
          upstream: upstreamFor(choices),
        },
});
