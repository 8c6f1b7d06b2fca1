import type { Budget } from '../core/budget.js';
import { metricInfo } from '../core/metric.js';
import { type Recording, type Series, seriesOf, type TimeWindow } from '../core/recording.js';
import { formatBytes, formatGrowthWithInterval } from '../core/units.js';
import { fitTrend, type Trend } from '../stats/trend.js';
import { metricSeries } from './readings.js';
import { MIN_FAIL_SAMPLES } from './thresholds.js';

/** Whether a trend clearly exceeds a budget. */
export type Exceeds = (trend: Trend, budgetPerMin: number) => boolean;

/**
 * A process settles by this much after its load began, outside the V8 heap as well: code, arenas, thread
 * stacks (5 MiB in the first 13 s were measured on a healthy node). A smaller rise in the window says nothing.
 */
const SETTLING_BYTES = 6 * 2 ** 20;

/** With fewer major collections in the window, garbage that nobody collected yet looks like a leak. */
const MIN_MAJOR_COLLECTIONS = 3;

/** The smallest growth per minute of RSS that a window can tell from settling. */
export function settlingPerMin(window: TimeWindow): number {
  return (SETTLING_BYTES * 60_000) / (window.endMs - window.startMs);
}

/**
 * Why a rise of RSS above its default budget is no leak for sure; null when nothing speaks against it.
 *
 * RSS alone has healthy ways to rise. V8 takes pages into use (a young generation that doubles, garbage not yet
 * collected): that part is known from the heap's physical size, and live heap judges it better. And a process
 * settles after its load began: by some MiB, and less in the second half of the window than in the first. A
 * budget that the user named is taken at its word.
 */
export function rssDoubt(
  recording: Recording,
  window: TimeWindow,
  budget: Budget,
  exceeds: Exceeds,
): string | null {
  if (budget.metric !== 'rss' || budget.explicit) return null;
  const { resolution, unit } = metricInfo('rss');
  const collections = majorCollections(recording, window);
  if (collections !== null && collections < MIN_MAJOR_COLLECTIONS) {
    return 'but with fewer than three major collections in the window it may be garbage not collected yet';
  }
  const series = metricSeries(recording, 'rss', window);
  const whole = fitTrend(series, resolution);
  if (whole !== null && whole.slopePerMin < settlingPerMin(window)) {
    return `but by less than the ${formatBytes(SETTLING_BYTES)} that a process settles by after its start`;
  }
  const outside = outsideHeap(recording, window);
  if (outside.values.length >= MIN_FAIL_SAMPLES) {
    const trend = fitTrend(outside, resolution);
    if (trend !== null && !exceeds(trend, budget.growthPerMin)) {
      const growth = formatGrowthWithInterval(trend.slopePerMin, trend.halfWidthPerMin, unit);
      return `but outside the V8 heap only ${growth}: the rest is heap that V8 holds in reserve, which live heap judges`;
    }
  }
  const steady = halves(series).every((half) => {
    const trend = fitTrend(half, resolution);
    return trend !== null && exceeds(trend, budget.growthPerMin);
  });
  return steady ? null : 'but not clearly in both halves of the window: it may still be settling';
}

/** Major collections between the first and the last reading of the window; null without an agent. */
function majorCollections(recording: Recording, window: TimeWindow): number | null {
  const { values } = seriesOf(recording, 'major_gcs', window);
  const [first, last] = [values[0], values.at(-1)];
  return first === undefined || last === undefined ? null : last - first;
}

/** RSS less the part of the V8 heap that occupies memory, on rows where both were read. */
function outsideHeap(recording: Recording, window: TimeWindow): Series {
  const heap = recording.column(metricInfo('heap-physical').column);
  const rss = recording.column(metricInfo('rss').column);
  const elapsedMs: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < recording.rowCount; row++) {
    const at = recording.elapsedMs[row] as number;
    const value = (rss?.[row] ?? Number.NaN) - (heap?.[row] ?? Number.NaN);
    if (at < window.startMs || at > window.endMs || Number.isNaN(value)) continue;
    elapsedMs.push(at);
    values.push(value);
  }
  return { elapsedMs, values };
}

function halves({ elapsedMs, values }: Series): readonly Series[] {
  const middle = Math.floor(values.length / 2);
  return [
    { elapsedMs: elapsedMs.slice(0, middle), values: values.slice(0, middle) },
    { elapsedMs: elapsedMs.slice(middle), values: values.slice(middle) },
  ];
}
