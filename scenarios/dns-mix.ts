import { defineScenario, SERVER_BUDGETS } from '../harness/index.js';
import { BAD_CLIENTS } from './bad-clients.js';
import { dnsLoad } from './dns-load.js';
import { nodeConfig, upstreamFor } from './dns-node.js';
import { COMING_AND_GOING } from './node-budgets.js';

/** Names, and how unevenly they are asked for: about what a resolver of a few thousand users sees. */
const NAMES = { kind: 'zipf', count: 100_000, exponent: 1 } as const;

/** Parts of the rate; the rest is bad clients. */
const UDP = 0.7;
const TCP = 0.15;
const DOH = 0.1;
const MALFORMED = 0.03;

/** What a resolver sees of a day: mostly the same names over all transports, some bad luck and some bad clients. */
export const dnsMix = defineScenario({
  name: 'dns-mix',
  summary: 'everything at once, names by Zipf, over UDP, TCP and HTTP, with losses and bad clients (nightly)',
  exposes: ['dns-cache-names', 'dns-record-sets', 'worker-death'],
  needs: ['dns', 'dns-tcp', 'doh'],
  overload: false,
  defaults: { durationMs: 120_000, nightlyMs: 45 * 60_000, ratePerSec: 500, zone: 'leak-soak.test' },
  budgets: SERVER_BUDGETS,
  targetConfig: ({ upstream }) => ({
    ...nodeConfig(upstream, {
      cache_max_memory_mb: 0.2,
      forward_timeout_sec: 1,
      tcp_idle_timeout_sec: 3,
    }),
    doh: { listen: '127.0.0.1:0', max_connections: 1_000 },
  }),
  ofNode: { services: ['dns', 'dns-tcp', 'doh'], budgets: COMING_AND_GOING },
  load: (choices) => {
    const { ratePerSec, seed, zone, allowRemote, foreign } = choices;
    const questions = {
      ...dnsLoad({ ...choices, rateFlow: null }, ['NOERROR', 'SERVFAIL']),
      questions: choices.questions ?? NAMES,
    };
    const { timeoutMs } = questions;
    const bad = ratePerSec * (1 - UDP - TCP - DOH - MALFORMED);
    return {
      kind: 'mix',
      ratePerSec,
      timeoutMs,
      seed,
      parts: [
        { kind: 'dns-udp-flood', ...questions, ratePerSec: UDP * ratePerSec, upstream: null },
        {
          kind: 'dns-tcp',
          mode: 'visit',
          ...questions,
          seed: seed + 1,
          ratePerSec: TCP * ratePerSec,
          upstream: null,
        },
        {
          kind: 'doh',
          http: '1.1',
          ...questions,
          seed: seed + 2,
          ratePerSec: DOH * ratePerSec,
          upstream: null,
        },
        {
          kind: 'dns-malformed',
          ratePerSec: MALFORMED * ratePerSec,
          seed,
          zone,
          timeoutMs,
          allowRemote,
          upstream: null,
        },
        {
          kind: 'tcp-storm',
          ratePerSec: bad,
          modes: BAD_CLIENTS,
          maxConnections: 200,
          holdMs: 2_000,
          timeoutMs,
          seed,
          probe: foreign ? 'connect' : 'dns',
          zone,
          allowRemote,
          upstream: null,
        },
      ],
      upstream: upstreamFor(choices, { ttlSec: 5, churn: true, loss: 0.01, truncated: 0.05 }),
    };
  },
});
