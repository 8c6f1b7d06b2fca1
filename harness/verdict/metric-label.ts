import { isGauge } from '../core/gauge.js';
import type { KnownMetric, MetricName } from '../core/metric.js';

interface MetricLabel {
  readonly name: string;
  readonly plural: boolean;
}

const LABELS: Readonly<Record<KnownMetric, MetricLabel>> = {
  'live-heap': { name: 'live heap', plural: false },
  external: { name: 'external memory', plural: false },
  'array-buffers': { name: 'array buffer memory', plural: false },
  fds: { name: 'open descriptors', plural: true },
  handles: { name: 'active handles', plural: true },
  threads: { name: 'threads', plural: true },
  rss: { name: 'RSS', plural: false },
  'heap-used': { name: 'heap used', plural: false },
  'heap-total': { name: 'heap total', plural: false },
  'heap-physical': { name: 'physical heap', plural: false },
  pss: { name: 'PSS', plural: false },
  uss: { name: 'USS', plural: false },
  swap: { name: 'swapped memory', plural: false },
  sockets: { name: 'open sockets', plural: true },
  'io-write': { name: 'what was written to storage', plural: false },
  'cgroup-current': { name: 'memory of the control group', plural: false },
  'cgroup-anon': { name: 'anonymous memory of the control group', plural: false },
  cpu: { name: 'CPU', plural: false },
};

/** A metric as a sentence names it: `live heap rises …`, `open descriptors are flat …`; a gauge by its own name. */
export function metricLabel(metric: MetricName): MetricLabel {
  return isGauge(metric) ? { name: metric, plural: false } : LABELS[metric];
}

/** Subject and verb of a sentence about a metric, each verb in singular and plural. */
export function metricSays(metric: MetricName, singular: string, plural: string): string {
  const label = metricLabel(metric);
  return `${label.name} ${label.plural ? plural : singular}`;
}
