import type { Finding } from '../core/finding.js';
import { type MetricName, metricInfo } from '../core/metric.js';
import type { Recording, TimeWindow } from '../core/recording.js';
import { formatQuantity } from '../core/units.js';
import { quantile, sortSamples } from '../stats/sorted-samples.js';
import { metricSays } from './metric-label.js';
import { metricSeries } from './readings.js';

/** Metrics whose spikes mean something: descriptors, threads, and memory that is really held. */
const WATCHED: readonly MetricName[] = ['fds', 'threads', 'live-heap', 'array-buffers'];

/** Fewer readings have no usual level to leave. */
const MIN_SAMPLES = 20;

/** A spike rises above the median by this part of it, and by this many times the usual spread. */
const SPIKE_SHARE = 0.25;
const SPIKE_SPREADS = 5;

/** A spike smaller than this is nobody's concern, however quiet the rest. */
const LEAST_SPIKE = { bytes: 4 * 2 ** 20, count: 5, percent: 20, number: 5 } as const;

/**
 * Spikes that return, such as descriptors between 13 and 138 over a day: variance, not slope, and worth a look.
 * A series that ends high is left to the trend.
 */
export function excursions(recording: Recording, window: TimeWindow | null): readonly Finding[] {
  return WATCHED.flatMap((metric) => excursionOf(recording, metric, window) ?? []);
}

function excursionOf(recording: Recording, metric: MetricName, window: TimeWindow | null): Finding | null {
  const { values } = metricSeries(recording, metric, window);
  const sorted = sortSamples(values);
  if (sorted === null || values.length < MIN_SAMPLES) return null;
  const { unit } = metricInfo(metric);
  const [low, middle, high] = [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)];
  const limit = middle + Math.max(SPIKE_SHARE * middle, SPIKE_SPREADS * (high - low), LEAST_SPIKE[unit]);
  const peak = sorted[sorted.length - 1] as number;
  const last = values.at(-1) as number;
  if (peak <= limit || last > (middle + limit) / 2) return null;
  const count = values.filter((value) => value > limit).length;
  return {
    id: 'excursion',
    severity: 'info',
    message:
      `${metricSays(metric, 'left', 'left')} the usual ${formatQuantity(middle, unit)} for up to ` +
      `${formatQuantity(peak, unit)} in ${count} of ${values.length} readings and came back`,
  };
}
