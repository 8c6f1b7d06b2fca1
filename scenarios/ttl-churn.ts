import { defineScenario } from '../harness/index.js';
import { dnsNode } from './dns-node.js';

/**
 * A few names asked for over and over at an upstream that never gives quite the same answer twice: each expiry
 * brings the same record with another TTL and in letters of another case.
 */
export const ttlChurn = defineScenario({
  name: 'ttl-churn',
  summary: 'the same 1 000 names after each expiry, with ever other TTLs: is a record kept once?',
  exposes: ['dns-record-sets'],
  defaults: { durationMs: 60_000, ratePerSec: 1_000, zone: 'leak-soak.test', drivers: 1 },
  ...dnsNode({
    dns: { cache_max_memory_mb: 2, forward_timeout_sec: 2 },
    acceptedRcodes: ['NOERROR'],
    questions: { kind: 'numbered', count: 1_000 },
    upstream: { churn: true, ttlSec: 2 },
  }),
});
