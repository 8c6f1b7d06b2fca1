import type { RunPlan } from '../core/manifest.js';
import type { Recording } from '../core/recording.js';
import { formatGrowthWithInterval } from '../core/units.js';
import { judgeMetrics } from './judge-metrics.js';
import { judgedWindow } from './window.js';

/**
 * The growth of each budgeted metric in what has been recorded so far: `rss 0.12 ± 0.30 MiB/min, fds 0 ± 0.1 /min`.
 * Null while there is too little to estimate any.
 */
export function growthSoFar(recording: Recording, plan: RunPlan): string | null {
  const { metrics } = judgeMetrics(plan, recording, judgedWindow(recording));
  const parts = metrics.flatMap(({ metric, growthPerMin, halfWidthPerMin, unit, budgetPerMin }) =>
    growthPerMin === null || halfWidthPerMin === null
      ? []
      : `${metric} ${formatGrowthWithInterval(growthPerMin, halfWidthPerMin, unit, budgetPerMin)}`,
  );
  return parts.length === 0 ? null : parts.join(', ');
}
