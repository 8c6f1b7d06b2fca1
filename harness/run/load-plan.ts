import type { LoadPlan } from '../load/plan.js';
import type { ResolvedRun } from './run-options.js';

/** What comes at the target of a run. */
export function loadPlanOf({ scenario, plan, choices }: ResolvedRun): LoadPlan {
  const { ratePerSec, seed } = plan;
  return scenario.load({ ratePerSec, seed, ...choices });
}

/** Whether the run has no load of its own: its target is watched while somebody else drives it. */
export function isWatched(run: ResolvedRun): boolean {
  return loadPlanOf(run).kind === 'none';
}
