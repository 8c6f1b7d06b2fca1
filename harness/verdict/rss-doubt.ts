import type { Budget } from '../core/budget.js';
import { metricInfo } from '../core/metric.js';
import { type Recording, type Series, seriesOf, type TimeWindow } from '../core/recording.js';
import { formatBytes, formatGrowthWithInterval } from '../core/units.js';
import { assessGrowth } from '../stats/assess.js';
import type { AssessOptions } from '../stats/assessment.js';
import { judgedColumn, metricReadings, withLoad } from './readings.js';
import { MIN_FAIL_SAMPLES } from './thresholds.js';

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
 * settles by some MiB after its load began. A budget that the user named is taken at its word.
 */
export function rssDoubt(
  recording: Recording,
  window: TimeWindow,
  budget: Budget,
  options: AssessOptions,
): string | null {
  if (budget.metric !== 'rss' || budget.explicit) return null;
  const { resolution, unit } = metricInfo('rss');
  const collections = majorCollections(recording, window);
  if (collections !== null && collections < MIN_MAJOR_COLLECTIONS) {
    return 'but with fewer than three major collections in the window it may be garbage not collected yet';
  }
  if (riseUnderLoad(recording, window) < SETTLING_BYTES) {
    return `but by less than the ${formatBytes(SETTLING_BYTES)} that a process settles by after its start`;
  }
  const outside = outsideHeap(recording, window);
  if (outside.values.length < MIN_FAIL_SAMPLES) return null;
  const readings = { ...withLoad(recording, outside), resolution };
  const assessment = assessGrowth(readings, budget.growthPerMin, options);
  if (assessment.outcome === 'fail' || assessment.state === 'unmeasured') return null;
  const growth = formatGrowthWithInterval(assessment.growthPerMin, assessment.halfWidthPerMin, unit);
  return `but outside the V8 heap only ${growth}: the rest is heap that V8 holds in reserve, which live heap judges`;
}

/** From the lowest to the highest reading of RSS while the load was on. */
function riseUnderLoad(recording: Recording, window: TimeWindow): number {
  const { values, load } = metricReadings(recording, 'rss', window);
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  values.forEach((value, i) => {
    if (load[i] === 0) return;
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  });
  return highest - lowest;
}

/** Major collections between the first and the last reading of the window; null without an agent. */
function majorCollections(recording: Recording, window: TimeWindow): number | null {
  const { values } = seriesOf(recording, 'major_gcs', window);
  const [first, last] = [values[0], values.at(-1)];
  return first === undefined || last === undefined ? null : last - first;
}

/** RSS less the part of the V8 heap that occupies memory, on rows where both were read. */
function outsideHeap(recording: Recording, window: TimeWindow): Series {
  const heap = recording.column(judgedColumn(recording, 'heap-physical'));
  const rss = recording.column(judgedColumn(recording, 'rss'));
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
