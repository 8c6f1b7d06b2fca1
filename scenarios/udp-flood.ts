import { defineScenario } from '../harness/index.js';

const MIB = 1024 * 1024;

/** Distinct names at a constant rate: every answer is new to the cache, which fills in seconds and must then hold. */
export const udpFlood = defineScenario({
  name: 'udp-flood',
  summary: 'DNS over UDP, open loop, a new name with every question: does the cache keep to its limit?',
  exposes: ['dns-cache-names'],
  overload: false,
  defaults: { durationMs: 60_000, ratePerSec: 2_000, zone: 'leak-soak.test' },
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
      // Full within seconds at the default rate; at 100 MB it would still be filling when steady begins.
      cache_max_memory_mb: 4,
      cache_cleanup_interval_sec: 5,
      forward_timeout_sec: 2,
    },
    ops: { listen: '127.0.0.1:0' },
  }),
  load: ({ ratePerSec, zone, seed }) => ({
    kind: 'dns-udp-flood',
    ratePerSec,
    zone,
    seed,
    timeoutMs: 3_000,
    acceptedRcodes: ['NOERROR'],
    upstream: { zones: [zone], ttlSec: 3600, latencyMs: 0, loss: 0, silent: false },
  }),
});
