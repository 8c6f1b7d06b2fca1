import { defineScenario } from '../harness/index.js';

const MIB = 1024 * 1024;

/** An upstream that loses a fifth of the questions: what a timeout leaves behind shows after minutes. */
export const upstreamLoss = defineScenario({
  name: 'upstream-loss',
  summary: 'DNS over UDP while the upstream answers only four of five: is a timed-out query forgotten?',
  exposes: ['dns-in-flight'],
  overload: false,
  defaults: { durationMs: 60_000, ratePerSec: 200, zone: 'leak-soak.test' },
  budgets: {
    'live-heap': 1 * MIB,
    external: 1 * MIB,
    'array-buffers': 1 * MIB,
    fds: 1,
    threads: 1,
  },
  targetConfig: (upstream) => ({
    dns: {
      listen: '127.0.0.1:0',
      forwarders: [upstream],
      // 160 names/s are cached, about 50 KB/s: full after a few seconds.
      cache_max_memory_mb: 0.2,
      cache_cleanup_interval_sec: 5,
      forward_timeout_sec: 1,
    },
    ops: { listen: '127.0.0.1:0' },
  }),
  load: ({ ratePerSec, zone, seed }) => ({
    kind: 'dns-udp-flood',
    ratePerSec,
    zone,
    seed,
    timeoutMs: 3_000,
    acceptedRcodes: ['NOERROR', 'SERVFAIL'],
    upstream: { zones: [zone], ttlSec: 3600, latencyMs: 0, loss: 0.2, silent: false },
  }),
});
