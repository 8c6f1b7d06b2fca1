import type { Finding } from '../core/finding.js';
import type { Manifest } from '../core/manifest.js';
import { metricInfo } from '../core/metric.js';
import type { Recording, TimeWindow } from '../core/recording.js';
import { formatQuantity } from '../core/units.js';
import { quantile, sortSamples } from '../stats/sorted-samples.js';
import { explainDescriptors } from './classify-descriptors.js';
import { metricSays } from './metric-label.js';
import { metricSeries } from './readings.js';
import { wholeRun } from './window.js';

/** Fewer readings have no level to speak of. */
const MIN_READINGS = 8;

/**
 * Levels that a target held through at least half of the judged window although its load needs no more than was
 * declared: what a structure that is bounded by time alone keeps, which no trend shows.
 */
export function levelFindings(
  manifest: Manifest,
  recording: Recording,
  window: TimeWindow | null,
): Finding[] {
  return manifest.plan.levels.flatMap(({ metric, value }): Finding[] => {
    const sorted = sortSamples(metricSeries(recording, metric, window).values);
    if (sorted === null || sorted.length < MIN_READINGS) return [];
    const held = quantile(sorted, 0.5);
    if (held <= value) return [];
    const { unit } = metricInfo(metric);
    const whole = wholeRun(recording);
    const evidence =
      metric === 'fds' && whole !== null ? explainDescriptors(recording, whole).evidence : null;
    const message =
      `${metricSays(metric, 'stands', 'stand')} at ${formatQuantity(held, unit)} under this load, which needs no more than ` +
      `${formatQuantity(value, unit)}${evidence === null ? '' : `: ${evidence}`}`;
    return [{ id: 'level-exceeded', severity: 'error', message }];
  });
}
