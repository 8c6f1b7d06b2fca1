import { type ResolvedRun, RUN_LIMITS, type RunOptions, resolveRun } from './run-options.js';
import type { Scenario } from './scenario.js';
import type { AttachedTarget } from './target-spec.js';

/** What may be chosen about watching a process; the rest of a run's options shape a load, and there is none. */
export interface WatchOptions
  extends Pick<
    RunOptions,
    'budgets' | 'ceilings' | 'sampler' | 'gaugesUrl' | 'pprofUrl' | 'gauges' | 'cleanupPeriodMs'
  > {
  /** How long to watch. @default until it is told to end, two weeks at most */
  readonly durationMs?: number | undefined;
  /** Left out from the start. @default 0: the process runs already */
  readonly warmUpMs?: number | undefined;
  /** Time between samples. @default 30 s; with a duration 1/60 of it, 1 s to 30 s */
  readonly everyMs?: number | undefined;
}

/** Most and least time between samples for which none is asked, and how many a planned watch gets. */
const EVERY_MS = { min: 1_000, max: 30_000 };
const SAMPLES = 60;

/**
 * Makes every choice of a watch. There is no default ceiling: ending the watch would not end the process. Throws
 * `usage` as `resolveRun` does.
 */
export function resolveWatch(scenario: Scenario, target: AttachedTarget, options: WatchOptions): ResolvedRun {
  const durationMs = options.durationMs ?? RUN_LIMITS.durationMs.max;
  const { everyMs = Math.min(EVERY_MS.max, Math.max(EVERY_MS.min, Math.round(durationMs / SAMPLES))) } =
    options;
  const run = resolveRun(
    scenario,
    {
      ...options,
      // Somebody depends on that process, and a snapshot stops it for seconds.
      heapSnapshots: 'off',
      target,
      durationMs,
      maxDurationMs: durationMs,
      warmUpMs: options.warmUpMs ?? 0,
      drainMs: 0,
      cycles: 1,
      sampleEveryMs: everyMs,
    },
    [],
  );
  const ceilings = run.plan.ceilings.filter(({ explicit }) => explicit);
  return { ...run, plan: { ...run.plan, ratePerSec: 0, ceilings } };
}
