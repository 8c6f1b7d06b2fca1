import { defineScenario } from '../harness/index.js';

/** A process that somebody else drives: no load, no questions. `leak-soak watch` is the way to it. */
export const watch = defineScenario({
  name: 'watch',
  summary: 'a process that is driven elsewhere (leak-soak watch)',
  exposes: [],
  needs: [],
  overload: false,
  defaults: { durationMs: 60_000, ratePerSec: 1 },
  // The heap of a process that runs already cannot be read, so that nothing is promised of it.
  budgets: { fds: 1, threads: 1 },
  targetConfig: null,
  load: () => ({ kind: 'none' }),
});
