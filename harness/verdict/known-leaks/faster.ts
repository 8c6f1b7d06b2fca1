import type { KnownLeak } from '../../core/leak-baseline.js';
import type { MetricVerdict } from '../../core/verdict.js';

/** Part of its growth by which one and the same leak may differ from run to run: the pace of the machine and its load. */
const RUN_TO_RUN_SHARE = 0.1;

/** A growth rate with half of its 90 % interval. */
interface Rate {
  readonly value: number;
  readonly halfWidth: number;
}

/**
 * Whether a leak surely grows faster than was recorded: its interval lies above the recorded one by more than a
 * tolerance, the metric's budget (a growth that would be none by itself, as in `compare`) or a tenth of what was
 * recorded, whichever is more. Each bound errs once in twenty; that both do at once, once in four hundred.
 *
 * Where the growth per operation is known on both sides it must exceed as well: at another rate of load one of the
 * two moves although the leak is the same.
 */
export function growsFaster(leak: KnownLeak, now: MetricVerdict): boolean {
  const { growthPerMin, halfWidthPerMin, growthPerOp, budgetPerMin } = now;
  if (growthPerMin === null || halfWidthPerMin === null) return false;
  const before: Rate = { value: leak.growthPerMin, halfWidth: leak.halfWidthPerMin };
  const after: Rate = { value: growthPerMin, halfWidth: halfWidthPerMin };
  if (!isAbove(after, before, budgetPerMin)) return false;
  if (growthPerOp === null || leak.growthPerOp === null) return true;
  const perMinute = growthPerMin / growthPerOp;
  const perMinuteBefore = leak.growthPerMin / leak.growthPerOp;
  return isAbove(divided(after, perMinute), divided(before, perMinuteBefore), budgetPerMin / perMinute);
}

function isAbove(after: Rate, before: Rate, budget: number): boolean {
  const tolerance = Math.max(budget, RUN_TO_RUN_SHARE * before.value);
  return after.value - after.halfWidth > before.value + before.halfWidth + tolerance;
}

/** A rate per minute as one per operation. */
function divided({ value, halfWidth }: Rate, operationsPerMin: number): Rate {
  return { value: value / operationsPerMin, halfWidth: halfWidth / operationsPerMin };
}
