import type { Manifest } from '../../core/manifest.js';
import { metricInfo } from '../../core/metric.js';
import type { RunVerdict } from '../../core/verdict.js';

/** Least part of the planned steady load, since a clock may be a tick early. */
const COMPLETE_SHARE = 0.99;

/**
 * Why a run is no ground for a baseline, with the next move; null for one that is. What a run cut short, a target
 * that did not serve or a verdict that could not tell has left out, would be tolerated or forgotten unseen.
 */
export function whyNotRecorded(manifest: Manifest, verdict: RunVerdict): string | null {
  if (manifest.state === 'interrupted' || verdict.exitCode === 130)
    return 'the run was interrupted: repeat it';
  if (manifest.ceilingHit !== null)
    return `the run was ended by its ceiling on ${manifest.ceilingHit.metric}: raise --max, or make it shorter`;
  if (verdict.verdict !== 'pass' && verdict.verdict !== 'fail')
    return `the run is ${verdict.verdict}: repeat it until it can tell, with a longer --duration`;
  // A level that is held too high was measured while the target served, like any growth.
  const failure = verdict.findings.find(
    ({ id, severity }) => severity === 'error' && id !== 'level-exceeded',
  );
  if (failure !== undefined)
    return `${failure.message}: mend that first, how a target grows that falls short is no measure`;
  if (!isComplete(manifest)) return 'the run ended before its planned time: repeat it without --fail-fast';
  const unexplained = verdict.metrics.find(
    (one) => one.decides && one.verdict === 'fail' && metricInfo(one.metric).source === 'agent',
  );
  if (unexplained === undefined || manifest.attribution !== null) return null;
  const why = verdict.warnings.find(({ id }) => id === 'attribution-incomplete')?.message;
  return `no heap snapshots say which structure ${unexplained.metric} grows by (${why ?? 'none were taken'}): repeat it`;
}

/** Whether steady load lasted as long as was planned. */
function isComplete({ phases, plan }: Manifest): boolean {
  const from = phases.find(({ phase }) => phase === 'steady')?.startMs;
  const to = phases.findLast(({ phase }) => phase === 'drain')?.startMs;
  if (from === undefined || to === undefined) return false;
  return to - from >= COMPLETE_SHARE * (plan.durationMs - plan.warmUpMs - plan.drainMs);
}
