import { join } from 'node:path';
import { defineScenario } from '../harness/index.js';
import { dnsNode, nodeConfig } from './dns-node.js';

const MIB = 1024 * 1024;

/** A node that nobody has asked for a log: whatever it writes to disk is never read, and never cut. */
export const debugLog = defineScenario({
  name: 'debug-log',
  summary: 'DNS over UDP with the debug log off: is anything written to disk?',
  exposes: ['debug-log'],
  defaults: { durationMs: 60_000, ratePerSec: 1_000, zone: 'leak-soak.test', drivers: 1 },
  ...dnsNode({
    dns: { cache_max_memory_mb: 1 },
    acceptedRcodes: ['NOERROR'],
    // The log of a forgotten instrumentation takes 50 bytes an event: 2 MiB a minute at 700 events a second.
    ofNode: { budgets: { 'io-write': MIB } },
  }),
  targetConfig: ({ upstream, folder }) => ({
    ...nodeConfig(upstream, { cache_max_memory_mb: 1 }),
    debug: { log: 'off', file: join(folder, 'debug.log') },
  }),
});
