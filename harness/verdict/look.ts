import type { RunPlan } from '../core/manifest.js';
import type { Recording } from '../core/recording.js';
import type { MetricVerdict } from '../core/verdict.js';
import type { Look } from '../stats/policy.js';
import { judgeMetrics, worstDeciding } from './judge-metrics.js';
import { withoutKnown } from './known-leaks/apply-baseline.js';
import { judgedWindow } from './window.js';

/**
 * Judges the growth of what has been recorded so far, for the decision whether the run has seen enough: a known leak
 * does not end a run that has yet to tell of the other metrics.
 */
export function lookAt(
  recording: Recording,
  plan: RunPlan,
  atMs: number,
  isKnown: (metric: MetricVerdict) => boolean = () => false,
): Look {
  const judged = judgeMetrics(plan, recording, judgedWindow(recording));
  const metrics = withoutKnown(judged.metrics, isKnown);
  const certainties = metrics
    .filter(({ decides, verdict }) => decides && verdict === 'fail')
    .flatMap(({ pExceeds }) => pExceeds ?? []);
  return {
    atMs,
    outcome: worstDeciding(metrics),
    pExceeds: certainties.length === 0 ? null : Math.max(...certainties),
  };
}
