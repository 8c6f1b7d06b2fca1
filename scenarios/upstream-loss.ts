import { defineScenario } from '../harness/index.js';
import { dnsNode } from './dns-node.js';

/** An upstream that loses every other question: what does a timeout leave behind? */
export const upstreamLoss = defineScenario({
  name: 'upstream-loss',
  summary: 'DNS over UDP while the upstream answers every other question: is a timed-out query forgotten?',
  exposes: ['dns-in-flight'],
  defaults: { durationMs: 60_000, ratePerSec: 800, zone: 'leak-soak.test', drivers: 1 },
  ...dnsNode({
    // 400 names/s are cached, about 130 KB/s: full after two seconds.
    dns: { cache_max_memory_mb: 0.2, forward_timeout_sec: 1 },
    acceptedRcodes: ['NOERROR', 'SERVFAIL'],
    upstream: { loss: 0.5 },
  }),
});
