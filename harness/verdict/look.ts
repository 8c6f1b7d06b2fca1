import type { RunPlan } from '../core/manifest.js';
import type { Recording } from '../core/recording.js';
import type { Look } from '../stats/policy.js';
import { judgeMetrics, worstDeciding } from './judge-metrics.js';
import { judgedWindow } from './window.js';

/** Judges the growth of what has been recorded so far, for the decision whether the run has seen enough. */
export function lookAt(recording: Recording, plan: RunPlan, atMs: number): Look {
  const { metrics } = judgeMetrics(plan, recording, judgedWindow(recording));
  const certainties = metrics
    .filter(({ decides, verdict }) => decides && verdict === 'fail')
    .flatMap(({ pExceeds }) => pExceeds ?? []);
  return {
    atMs,
    outcome: worstDeciding(metrics),
    pExceeds: certainties.length === 0 ? null : Math.max(...certainties),
  };
}
