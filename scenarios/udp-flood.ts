import { defineScenario } from '../harness/index.js';
import { dnsNode } from './dns-node.js';

/** Distinct names at a constant rate: every answer is new to the cache, which fills in seconds and must then hold. */
export const udpFlood = defineScenario({
  name: 'udp-flood',
  summary: 'DNS over UDP, open loop, a new name with every question: does the cache keep to its limit?',
  exposes: ['dns-cache-names'],
  defaults: {
    durationMs: 60_000,
    nightlyMs: 30 * 60_000,
    ratePerSec: 2_000,
    zone: 'leak-soak.test',
    drivers: 1,
  },
  ...dnsNode({
    // Full after three seconds at the default rate; at 100 MB it would still be filling when steady begins.
    dns: { cache_max_memory_mb: 2, forward_timeout_sec: 2 },
    acceptedRcodes: ['NOERROR'],
  }),
});
