import { usageError } from '../../core/errors.js';
import type { RunPlan } from '../../core/manifest.js';
import { formatDuration } from '../../core/units.js';
import type { ResolvedRun } from '../../run/run-options.js';
import type { RunFlags } from '../run/run-flags.js';

/** Time that each run takes beside its phases: start, settle, stop, judge. */
const OVERHEAD_MS = 3_000;

/** Throws `usage` for flags that would let one run of a pair last longer than the other. */
export function forbidUnequal({
  failFast,
  maxDuration,
  warmUp,
  confirmAllocator,
  baseline,
  updateBaseline,
}: RunFlags): void {
  const why = 'the runs of a pair must be of equal length';
  if (failFast === true) throw usageError(`--fail-fast does not go with --against: ${why}; leave it out`);
  if (confirmAllocator === true) {
    throw usageError(
      '--confirm-allocator does not go with --against: it would repeat single runs; leave it out',
    );
  }
  if (baseline !== undefined || updateBaseline === true) {
    throw usageError(
      '--baseline does not go with --against: what both versions leak is no difference between them; leave it out',
    );
  }
  if (maxDuration !== undefined) {
    throw usageError(`--max-duration does not go with --against: ${why}; set --duration or --pairs`);
  }
  if (warmUp === 'auto') {
    throw usageError(`--warm-up auto does not go with --against: ${why}; give a time, e.g. --warm-up 30s`);
  }
}

/** The run with its length fixed: it never extends itself, nor stops to name culprits unless that was asked for. */
export function equalLength(run: ResolvedRun): ResolvedRun {
  const { snapshots } = run;
  const when = snapshots.when === 'always' ? 'always' : 'off';
  return {
    ...run,
    snapshots: { ...snapshots, when },
    plan: { ...run.plan, maxDurationMs: run.plan.durationMs },
  };
}

/**
 * How many runs of what length, and about how long all of them take. Throws `usage` when that is beyond the
 * deadline.
 */
export function describePairs(
  { durationMs }: RunPlan,
  pairs: number,
  deadlineMs: number | undefined,
): string {
  const runs = 2 * pairs;
  const totalMs = runs * (durationMs + OVERHEAD_MS);
  if (deadlineMs !== undefined && deadlineMs < totalMs) {
    throw usageError(
      `--deadline ${formatDuration(deadlineMs)} is too short: ${runs} runs of ${formatDuration(durationMs)} take about ` +
        `${formatDuration(totalMs)}; raise it, or lower --duration or --pairs`,
    );
  }
  return `${pairs} pairs, ${runs} runs of ${formatDuration(durationMs)}, about ${formatDuration(totalMs)} in all`;
}
