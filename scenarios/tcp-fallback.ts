import { defineScenario } from '../harness/index.js';
import { dnsNode } from './dns-node.js';
import { COMING_AND_GOING } from './node-budgets.js';

/** An upstream that cuts every answer short, and says nothing over TCP to a fifth of those who ask again. */
export const tcpFallback = defineScenario({
  name: 'tcp-fallback',
  summary: 'DNS over UDP at an upstream that truncates and stalls over TCP: is a silent connection given up?',
  exposes: ['tcp-fallback-stall'],
  defaults: { durationMs: 60_000, ratePerSec: 30, zone: 'leak-soak.test', drivers: 1 },
  ...dnsNode({
    // Six connections a second stall for the second that the node waits.
    dns: { cache_max_memory_mb: 0.02, forward_timeout_sec: 1, max_upstream_connections: 50 },
    acceptedRcodes: ['NOERROR', 'SERVFAIL'],
    upstream: { truncated: 1, stalled: 0.2 },
    ofNode: { budgets: COMING_AND_GOING },
  }),
});
