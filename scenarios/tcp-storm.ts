import { defineScenario, type LoadChoices, SERVER_BUDGETS, type TcpStormPlan } from '../harness/index.js';
import { BAD_CLIENTS } from './bad-clients.js';
import { dnsLoad } from './dns-load.js';
import { nodeConfig, upstreamFor } from './dns-node.js';
import { COMING_AND_GOING } from './node-budgets.js';

/** Longest that a bad client holds its connection; longer than any server of ours should let it. */
const HOLD_MS = 2_000;
const HOLD_AT_NODE_MS = 60_000;

/** At our own node, part of the load is honest: visits with one query each, and long-lived pipelines. */
const VISITS_SHARE = 0.4;
const PIPELINED_SHARE = 0.4;
const PIPELINES = 2;

const storm = (choices: LoadChoices, ratePerSec: number): TcpStormPlan => ({
  kind: 'tcp-storm',
  ratePerSec,
  ...(choices.rateFlow === null ? {} : { rateFlow: choices.rateFlow }),
  modes: BAD_CLIENTS,
  maxConnections: choices.connections,
  holdMs: choices.foreign ? HOLD_MS : HOLD_AT_NODE_MS,
  timeoutMs: 3_000,
  seed: choices.seed,
  zone: choices.zone,
  allowRemote: choices.allowRemote,
  ...(choices.foreign ? {} : { probe: 'dns' }),
  upstream: null,
});

/** Every kind of bad client at once: what does a server keep of them, and are the honest ones served meanwhile? */
export const tcpStorm = defineScenario({
  name: 'tcp-storm',
  summary:
    'connections that close at once, reset, say nothing or drip bytes: are honest ones served meanwhile?',
  exposes: ['dns-tcp-queue', 'worker-death'],
  needs: ['tcp'],
  overload: false,
  defaults: { durationMs: 60_000, ratePerSec: 200, zone: 'leak-soak.test', connections: 1_000 },
  budgets: SERVER_BUDGETS,
  // Small enough that what the node remembers of names is full within seconds.
  targetConfig: ({ upstream }) =>
    nodeConfig(upstream, { cache_max_memory_mb: 0.05, tcp_idle_timeout_sec: 1.5 }),
  ofNode: { services: ['dns', 'dns-tcp'], budgets: COMING_AND_GOING },
  load: (choices) => {
    const { foreign, ratePerSec } = choices;
    if (foreign) return storm(choices, ratePerSec);
    const questions = dnsLoad({ ...choices, rateFlow: null }, ['NOERROR']);
    const visits = VISITS_SHARE * ratePerSec;
    const pipelined = PIPELINED_SHARE * ratePerSec;
    return {
      kind: 'mix',
      ratePerSec,
      timeoutMs: questions.timeoutMs,
      seed: choices.seed,
      parts: [
        storm(choices, ratePerSec - visits - pipelined),
        { kind: 'dns-tcp', mode: 'visit', ...questions, ratePerSec: visits, upstream: null },
        {
          kind: 'dns-tcp',
          mode: 'pipelined',
          ...questions,
          seed: choices.seed + 1,
          ratePerSec: pipelined,
          connections: PIPELINES,
          upstream: null,
        },
      ],
      upstream: upstreamFor(choices),
    };
  },
});
