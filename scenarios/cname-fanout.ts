import { defineScenario } from '../harness/index.js';
import { dnsNode } from './dns-node.js';

const MIB = 1024 * 1024;

/**
 * Names that are aliases of four others each, without end. Ten deep that is a million names for one question: a node
 * that follows them all keeps what it has found until the last is answered.
 */
export const cnameFanout = defineScenario({
  name: 'cname-fanout',
  summary: 'DNS over UDP for names with four aliases each, aliases all the way: where does the node stop?',
  exposes: ['cname-results'],
  defaults: { durationMs: 60_000, ratePerSec: 3, zone: 'leak-soak.test', drivers: 1 },
  ...dnsNode({
    dns: {
      max_cname_results: 12,
      forward_timeout_sec: 2,
      // Forty names a second are asked for where the chase is bounded; there is room for forty times as many. What goes
      // beyond waits instead of being shed, so that nothing but the chase's own bounds ends a chase.
      max_in_flight: 400,
      udp_queue_size: 1_000_000,
      queue_max_age_sec: 600,
    },
    acceptedRcodes: ['NOERROR', 'SERVFAIL'],
    upstream: { aliases: 4, latencyMs: 250 },
    answers: 'any-data',
    // It stands at 10 MiB where a chase is bounded, and passes this within seconds where none is.
    ofNode: { levels: { 'live-heap': 14 * MIB } },
  }),
});
