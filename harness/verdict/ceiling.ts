import type { Finding } from '../core/finding.js';
import type { Manifest } from '../core/manifest.js';
import { metricInfo } from '../core/metric.js';
import { formatDuration, formatQuantity } from '../core/units.js';

/** The ceiling that ended a run, as a finding: the target grew until it had to be stopped. */
export function ceilingFindings({ ceilingHit: hit }: Manifest): Finding[] {
  if (hit === null) return [];
  const { unit } = metricInfo(hit.metric);
  const limit = hit.explicit ? `--max ${hit.metric}=` : '80 % of the memory that was available, ';
  const message =
    `${hit.metric} reached ${formatQuantity(hit.reached, unit)} after ${formatDuration(hit.atMs)}, above its ceiling ` +
    `(${limit}${formatQuantity(hit.value, unit)}); the run was ended there`;
  return [{ id: 'died-of-growth', severity: 'error', message }];
}
