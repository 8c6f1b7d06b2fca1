import { defineScenario } from '../harness/index.js';
import { dnsNode } from './dns-node.js';

/** An upstream that loses a fifth of the questions: what a timeout leaves behind shows after minutes. */
export const upstreamLoss = defineScenario({
  name: 'upstream-loss',
  summary: 'DNS over UDP while the upstream answers only four of five: is a timed-out query forgotten?',
  exposes: ['dns-in-flight'],
  defaults: { durationMs: 60_000, ratePerSec: 200, zone: 'leak-soak.test', drivers: 1 },
  ...dnsNode({
    // 160 names/s are cached, about 50 KB/s: full after a few seconds.
    dns: { cache_max_memory_mb: 0.2, forward_timeout_sec: 1 },
    acceptedRcodes: ['NOERROR', 'SERVFAIL'],
    upstream: { loss: 0.2 },
  }),
});
