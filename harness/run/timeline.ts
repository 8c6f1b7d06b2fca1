import type { RunPlan } from '../core/manifest.js';

/** A change of load inside the judged stretch of a run; times count from its start. */
export interface LoadChange {
  readonly atMs: number;
  readonly load: 'off' | 'on';
}

/** Planned length of the judged stretch: from the end of warm-up to the start of the last drain. */
export function judgedSpanMs({ durationMs, warmUpMs, drainMs }: RunPlan): number {
  return durationMs - warmUpMs - drainMs;
}

/** Part of each stretch of load that the trend engine leaves out as settling, after a drain. */
const RESUME_SHARE = 0.25;

/** Time of the judged stretch whose readings count for the trend: load on, and settled after a drain. */
export function usableMs(plan: RunPlan): number {
  const steadyMs = judgedSpanMs(plan) - (plan.cycles - 1) * plan.drainMs;
  const resumed = (plan.cycles - 1) / plan.cycles;
  return steadyMs * (1 - resumed * RESUME_SHARE);
}

/** Longest that the judged stretch may become when the run extends itself, whenever its warm-up ends. */
export function judgedLimitMs({ maxDurationMs, warmUpMs, warmUpLimitMs, drainMs }: RunPlan): number {
  return maxDurationMs - (warmUpLimitMs ?? warmUpMs) - drainMs;
}

/**
 * The drains between the cycles, in order. The last cycle's drain is not among them: it comes when the run has
 * seen enough, which may be later than planned.
 */
export function innerDrains(plan: RunPlan): readonly LoadChange[] {
  const cycleMs = (judgedSpanMs(plan) + plan.drainMs) / plan.cycles;
  return Array.from({ length: plan.cycles - 1 }, (_, i) => (i + 1) * cycleMs).flatMap((endMs) => [
    { atMs: endMs - plan.drainMs, load: 'off' },
    { atMs: endMs, load: 'on' },
  ]);
}
