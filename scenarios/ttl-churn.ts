import { defineScenario } from '../harness/index.js';
import { dnsNode } from './dns-node.js';

/** As many as are asked for in two seconds, the longest that an answer lives: nearly every question is a new answer. */
const NAMES = 4_000;
const RATE_PER_SEC = 2_000;
const LONGEST_TTL_SEC = 2;

/**
 * Some names asked for over and over at an upstream that never gives quite the same answer twice: each expiry
 * brings the same record with another TTL and in letters of another case.
 */
export const ttlChurn = defineScenario({
  name: 'ttl-churn',
  summary: 'the same 4 000 names after each expiry, with ever other TTLs: is a record kept once?',
  exposes: ['dns-record-sets'],
  defaults: { durationMs: 60_000, ratePerSec: RATE_PER_SEC, zone: 'leak-soak.test', drivers: 1 },
  ...dnsNode({
    dns: { cache_max_memory_mb: 0.5, forward_timeout_sec: 2 },
    acceptedRcodes: ['NOERROR'],
    questions: { kind: 'numbered', count: NAMES },
    upstream: { churn: true, ttlSec: LONGEST_TTL_SEC },
  }),
});
