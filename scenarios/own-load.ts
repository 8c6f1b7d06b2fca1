import { defineScenario, SERVER_BUDGETS } from '../harness/index.js';

/** How long a load tool may take to print its summary and end. */
const END_TIMEOUT_MS = 10_000;

/** A load that the user already has: k6, wrk, dnsperf, a script. */
export const ownLoad = defineScenario({
  name: 'own-load',
  summary: 'a load tool of yours (--load-command "k6 run soak.js"), started and stopped with the phases',
  exposes: [],
  needs: [],
  overload: false,
  defaults: { durationMs: 60_000, ratePerSec: 1 },
  budgets: SERVER_BUDGETS,
  targetConfig: null,
  load: ({ ratePerSec, seed, loadCommand }) => ({
    kind: 'command',
    command: loadCommand ?? ['true'],
    ratePerSec,
    seed,
    timeoutMs: END_TIMEOUT_MS,
  }),
});
