import type { MetricName } from '../core/metric.js';
import type { Rung, RungResult } from '../core/rung.js';
import type { RunVerdict } from '../core/verdict.js';

/**
 * Whether a run keeps what is promised of its rung: half the floor never fails, whatever the metric, and twice the
 * floor fails on the metric of the leak. Between them nothing is promised but that there is a verdict.
 */
export function judgeRung(
  { metric: name, share }: Rung,
  verdict: RunVerdict,
): Pick<RungResult, 'asPromised' | 'message' | 'detectedMs' | 'growthPerMin' | 'halfWidthPerMin'> {
  const metric = verdict.metrics.find((each) => each.metric === name);
  const hasFailed = verdict.verdict === 'fail' && metric?.verdict === 'fail' && metric.decides;
  const measured = {
    message: hasFailed ? metric.reason : reasonOf(verdict, name),
    detectedMs: hasFailed ? (metric.windowMs?.[1] ?? null) : null,
    growthPerMin: metric?.growthPerMin ?? null,
    halfWidthPerMin: metric?.halfWidthPerMin ?? null,
  };
  return { asPromised: keeps(share, verdict.verdict, hasFailed), ...measured };
}

function keeps(share: number, outcome: RunVerdict['verdict'], hasFailed: boolean): boolean | null {
  if (outcome === 'error') return false;
  if (outcome === 'invalid') return null;
  if (share < 1) return outcome !== 'fail';
  if (share === 1 || hasFailed) return true;
  return outcome === 'inconclusive' ? null : false;
}

/** Why the leak's own metric did not fail the run: an error, another metric that failed, or what it says itself. */
function reasonOf({ verdict, metrics, findings }: RunVerdict, own: MetricName): string {
  const error = findings.find(({ severity }) => severity === 'error');
  if (error !== undefined) return error.message;
  const failed = metrics.find((metric) => metric.decides && metric.verdict === 'fail');
  const asked = metrics.find(({ metric }) => metric === own);
  return (failed ?? asked)?.reason ?? `the verdict is ${verdict}`;
}
