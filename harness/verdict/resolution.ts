import { type MetricName, metricInfo } from '../core/metric.js';

/** Digits that a floating-point reading can be trusted for; closer values are the same one, rounded twice. */
const TRUSTED_SHARE = 1e-9;

/**
 * The smallest step between readings of a metric: what its source can report, where that is known. Of a gauge the
 * readings themselves tell: whole numbers count in ones, others by the smallest distance between two of them.
 */
export function resolutionOf(metric: MetricName, values: readonly number[]): number {
  const { resolution } = metricInfo(metric);
  if (resolution > 0) return resolution;
  if (values.every(Number.isInteger)) return 1;
  const sorted = Float64Array.from(values).sort();
  const largest = Math.max(Math.abs(sorted[0] ?? 0), Math.abs(sorted.at(-1) ?? 0));
  const least = largest * TRUSTED_SHARE;
  let smallest = Number.POSITIVE_INFINITY;
  for (let i = 1; i < sorted.length; i++) {
    const step = (sorted[i] as number) - (sorted[i - 1] as number);
    if (step > least) smallest = Math.min(smallest, step);
  }
  return Number.isFinite(smallest) ? smallest : least;
}
