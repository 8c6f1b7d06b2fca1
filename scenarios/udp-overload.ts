import { defineScenario } from '../harness/index.js';
import { dnsNode } from './dns-node.js';

/** An upstream that is dead while the load is on and back when it ends: what queued up, and how long does it last? */
export const udpOverload = defineScenario({
  name: 'udp-overload',
  summary: 'DNS over UDP while the upstream is dead, then its recovery: are queues bounded and soon empty?',
  exposes: ['dns-udp-queue'],
  defaults: { durationMs: 60_000, ratePerSec: 1_000, zone: 'leak-soak.test', drivers: 1 },
  ...dnsNode({
    // A second's worth of questions in flight and half of one in the queue: both full long before steady begins.
    dns: { forward_timeout_sec: 1, max_in_flight: 500, udp_queue_size: 500, queue_max_age_sec: 1 },
    acceptedRcodes: ['NOERROR', 'SERVFAIL'],
    upstream: { outage: true },
  }),
  overload: true,
});
