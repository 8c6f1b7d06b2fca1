import type { RunPlan } from '../core/manifest.js';

/** What to do when a recording cannot tell, by the flags that the command which made it has. */
export function nextMove(plan: RunPlan): string {
  return isWatch(plan)
    ? 'watch longer or sample more often (--duration, --every)'
    : 'run longer or sample faster (--duration, --sample-every)';
}

/** Whether the load, if any, was somebody else's: only `leak-soak watch` offers none. */
function isWatch({ ratePerSec }: RunPlan): boolean {
  return ratePerSec === 0;
}
