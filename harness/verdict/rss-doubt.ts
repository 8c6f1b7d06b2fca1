import type { Budget } from '../core/budget.js';
import { metricInfo } from '../core/metric.js';
import type { Recording, Series, TimeWindow } from '../core/recording.js';
import { formatGrowthWithInterval } from '../core/units.js';
import { fitTrend, type Trend } from '../stats/trend.js';
import { metricSeries } from './readings.js';
import { MIN_FAIL_SAMPLES } from './thresholds.js';

/** Whether a trend clearly exceeds a budget. */
export type Exceeds = (trend: Trend, budgetPerMin: number) => boolean;

/**
 * Why a rise of RSS above its default budget is no leak for sure; null when nothing speaks against it.
 *
 * RSS alone has two healthy ways to rise. V8 takes pages into use (a young generation that doubles, garbage not
 * yet collected): that part is known from the heap's physical size, and live heap judges it better. And a
 * process settles after its start (code, arenas; 8.9 MiB/min over 24 s was measured outside the heap of a
 * healthy node): a leak exceeds its budget in each half of the window, settling does not. A budget that the
 * user named is taken at its word.
 */
export function rssDoubt(
  recording: Recording,
  window: TimeWindow,
  budget: Budget,
  exceeds: Exceeds,
): string | null {
  if (budget.metric !== 'rss' || budget.explicit) return null;
  const { resolution, unit } = metricInfo('rss');
  const outside = outsideHeap(recording, window);
  if (outside.values.length >= MIN_FAIL_SAMPLES) {
    const trend = fitTrend(outside, resolution);
    if (trend !== null && !exceeds(trend, budget.growthPerMin)) {
      const growth = formatGrowthWithInterval(trend.slopePerMin, trend.halfWidthPerMin, unit);
      return `but outside the V8 heap only ${growth}: the rest is heap that V8 holds in reserve, which live heap judges`;
    }
  }
  const steady = halves(metricSeries(recording, 'rss', window)).every((half) => {
    const trend = fitTrend(half, resolution);
    return trend !== null && exceeds(trend, budget.growthPerMin);
  });
  return steady ? null : 'but not clearly in both halves of the window: it may still be settling';
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
