import { defineScenario, SERVER_BUDGETS } from '../harness/index.js';
import { dnsLoad } from './dns-load.js';
import { nodeConfig, upstreamFor } from './dns-node.js';

/** Part of the packets that are honest questions, whose answers are checked. */
const HONEST_SHARE = 0.1;

/** Packets that are no proper queries, by the million in its nightly form: every one may be the last. */
export const malformedFlood = defineScenario({
  name: 'malformed-flood',
  summary:
    'generated and mutated packets over UDP and TCP among honest questions: does the node get over them?',
  exposes: ['name-decompression'],
  needs: ['dns'],
  overload: false,
  defaults: { durationMs: 60_000, nightlyMs: 20 * 60_000, ratePerSec: 1_000, zone: 'leak-soak.test' },
  budgets: SERVER_BUDGETS,
  targetConfig: ({ upstream }) => nodeConfig(upstream, { cache_max_memory_mb: 0.1 }),
  // A reader that goes round for ever takes all there is: 512 MB of it, and not the machine.
  ofNode: { services: ['dns', 'dns-tcp'], heapLimitMb: 512 },
  load: (choices) => {
    const { ratePerSec, seed, zone, allowRemote } = choices;
    const questions = dnsLoad({ ...choices, rateFlow: null }, ['NOERROR']);
    const honest = HONEST_SHARE * ratePerSec;
    return {
      kind: 'mix',
      ratePerSec,
      timeoutMs: questions.timeoutMs,
      seed,
      parts: [
        { kind: 'dns-udp-flood', ...questions, io: 'dgram', ratePerSec: honest, upstream: null },
        {
          kind: 'dns-malformed',
          ratePerSec: ratePerSec - honest,
          seed,
          zone,
          timeoutMs: questions.timeoutMs,
          allowRemote,
          upstream: null,
        },
      ],
      upstream: upstreamFor(choices),
    };
  },
});
