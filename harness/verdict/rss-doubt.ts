import type { Budget } from '../core/budget.js';
import { metricInfo } from '../core/metric.js';
import { type Recording, type Series, seriesOf, type TimeWindow } from '../core/recording.js';
import { formatBytes, formatGrowthWithInterval } from '../core/units.js';
import { assessGrowth } from '../stats/assess.js';
import type { Assessment, AssessOptions, MeasuredGrowth } from '../stats/assessment.js';
import { median, sortSamples } from '../stats/sorted-samples.js';
import { idleGaps } from './idle-gaps.js';
import { judgedColumn, metricReadings, metricSeries, withLoad } from './readings.js';
import { MIN_FAIL_SAMPLES } from './thresholds.js';
import { loadedWindow, wholeRun } from './window.js';

/**
 * A process settles by this much after its load began, outside the V8 heap as well: code, arenas, thread
 * stacks (5 MiB in the first 13 s were measured on a healthy node). A smaller rise in the window says nothing.
 */
const SETTLING_BYTES = 6 * 2 ** 20;

/**
 * … and one that has filled something during the run goes on settling by up to this part of it, while its allocator's
 * pages fragment: redis-server 7 with 64 MB of values of mixed sizes took 2 to 9 MiB more in the minutes after it was
 * full (3 to 14 % of what it had filled, at up to 6 MiB/min in the first of them), and then no more.
 */
const SETTLING_SHARE = 0.15;

/** The level at the end is the median of so many readings, so that a fork for a snapshot does not stand for it. */
const LAST_READINGS = 9;

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
  growth: Assessment,
): string | null {
  if (budget.metric !== 'rss' || budget.explicit || growth.state === 'unmeasured') return null;
  const { resolution, unit } = metricInfo('rss');
  const collections = majorCollections(recording, window);
  if (collections !== null && collections < MIN_MAJOR_COLLECTIONS) {
    return 'but with fewer than three major collections in the window it may be garbage not collected yet';
  }
  if (riseUnderLoad(recording, window) < SETTLING_BYTES) {
    return `but by less than the ${formatBytes(SETTLING_BYTES)} that a process settles by after its start`;
  }
  const settling = afterFilling(recording, window, growth);
  if (settling !== null) return settling;
  const outside = outsideHeap(recording, window);
  if (outside.values.length < MIN_FAIL_SAMPLES) return null;
  const readings = { ...withLoad(recording, outside), resolution };
  const assessment = assessGrowth(readings, budget.growthPerMin, options);
  if (assessment.outcome === 'fail' || assessment.state === 'unmeasured') return null;
  const there = formatGrowthWithInterval(assessment.growthPerMin, assessment.halfWidthPerMin, unit);
  return `but outside the V8 heap only ${there}: the rest is heap that V8 holds in reserve, which live heap judges`;
}

/** Why growth after the target has filled something is still too little; null when it is not, or nothing was filled. */
function afterFilling(
  recording: Recording,
  window: TimeWindow,
  { growthPerMin, sinceMs }: MeasuredGrowth,
): string | null {
  const startMs = Math.max(window.startMs, sinceMs ?? window.startMs);
  const risen = growthPerMin * (loadedMs(recording, { ...window, startMs }) / 60_000);
  const first = metricSeries(recording, 'rss', wholeRun(recording)).values[0];
  const { values, load } = metricReadings(recording, 'rss', window);
  const last = sortSamples(values.filter((_, i) => load[i] !== 0).slice(-LAST_READINGS));
  if (first === undefined || last === null) return null;
  const filled = median(last) - risen - first;
  if (risen >= Math.max(SETTLING_BYTES, SETTLING_SHARE * filled) || filled < SETTLING_BYTES) return null;
  return (
    `but by only ${formatBytes(risen)}${sinceMs === null ? '' : ' since then'}, after it had filled by ` +
    `${formatBytes(filled)}: an allocator goes on settling by up to ${100 * SETTLING_SHARE} % of that`
  );
}

/** Time under load inside a window. */
function loadedMs(recording: Recording, window: TimeWindow): number {
  const { startMs, endMs } = loadedWindow(recording, window) ?? { ...window, endMs: window.startMs };
  const idle = idleGaps(recording).map((gap) => Math.min(gap.endMs, endMs) - Math.max(gap.startMs, startMs));
  return endMs - startMs - idle.reduce((sum, ms) => sum + Math.max(0, ms), 0);
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
