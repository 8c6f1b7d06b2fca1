import { type MetricName, metricInfo } from '../core/metric.js';
import { lastReading, type Recording, type Series, seriesOf, type TimeWindow } from '../core/recording.js';
import type { MetricLevels } from '../core/verdict.js';
import type { GrowthReadings } from '../stats/assessment.js';
import { idleGaps } from './idle-gaps.js';
import { wholeRun } from './window.js';

const LIVE_HEAP_COLUMN = metricInfo('live-heap').column;
const NOTHING: Series = { elapsedMs: [], values: [] };

/** Whether live heap was read at all inside the window. */
export function hasLiveHeap(recording: Recording, window: TimeWindow | null): boolean {
  return window !== null && seriesOf(recording, LIVE_HEAP_COLUMN, window).values.length > 0;
}

/**
 * The column that a metric is judged by: the sum over the process tree where that was read, since what a forked
 * worker keeps is the target's as well, else the target's own process.
 */
export function judgedColumn(recording: Recording, metric: MetricName): string {
  const { column, treeColumn } = metricInfo(metric);
  return treeColumn !== null && lastReading(recording, treeColumn) !== null ? treeColumn : column;
}

/**
 * The readings of a metric that mean something: where a metric is only meaningful right after a collection,
 * and collections were forced, the rows of those. Empty without a window.
 */
export function metricSeries(recording: Recording, metric: MetricName, window: TimeWindow | null): Series {
  if (window === null) return NOTHING;
  const { afterCollection } = metricInfo(metric);
  const gated = afterCollection && hasLiveHeap(recording, window);
  const gate = gated ? judgedColumn(recording, 'live-heap') : null;
  return seriesOf(recording, judgedColumn(recording, metric), window, gate);
}

/** Readings for the trend engine: those of `metricSeries`, with the load at each and when exactly it was off. */
export function metricReadings(
  recording: Recording,
  metric: MetricName,
  window: TimeWindow | null,
): LoadedSeries {
  return withLoad(recording, metricSeries(recording, metric, window));
}

/** A series of a recording, with the load at each reading (0 while it was off) and when exactly it was off. */
export interface LoadedSeries extends Series, Pick<Required<GrowthReadings>, 'idle'> {
  readonly load: readonly number[];
}

/** Adds to a series, whose times are those of rows, what the recording says of the load. */
export function withLoad(recording: Recording, series: Series): LoadedSeries {
  return { ...series, load: loadAt(recording, series.elapsedMs), idle: idleGaps(recording) };
}

/** 1 at the times of steady rows, 0 at others; the times are those of rows, ascending. */
function loadAt(recording: Recording, elapsedMs: readonly number[]): readonly number[] {
  let row = 0;
  return elapsedMs.map((at) => {
    while ((recording.elapsedMs[row] as number) < at) row++;
    return recording.phases[row] === 'steady' ? 1 : 0;
  });
}

/** The four levels people compare; null when the metric was never read. */
export function metricLevels(
  recording: Recording,
  metric: MetricName,
  window: TimeWindow | null,
): MetricLevels | null {
  const { values } = metricSeries(recording, metric, wholeRun(recording));
  const baseline = values[0];
  const last = values.at(-1);
  if (baseline === undefined || last === undefined) return null;
  return {
    baseline,
    afterWarmUp: metricSeries(recording, metric, window).values[0] ?? null,
    peak: values.reduce((peak, value) => Math.max(peak, value), baseline),
    finalIncrease: last - baseline,
  };
}
