import type { Series } from '../core/recording.js';
import { sortSamples, trimmedMean } from './sorted-samples.js';

/** One reduced reading: mean time and trimmed mean value of a bucket. */
export interface Point {
  readonly minutes: number;
  readonly value: number;
}

/**
 * Enough points that a slope keeps 99 % of its precision on white noise, few enough that the 19 900 pairs
 * of Theil–Sen take milliseconds however long the run was.
 */
export const MAX_POINTS = 200;

/** Share of a bucket's values left out at each end, so that a spike does not move its bucket. */
const TRIM = 0.2;

/**
 * A series as at most `maxPoints` points in ascending time, minutes counted from its first reading. Short
 * series come back reading by reading; longer ones as equal-time buckets (empty buckets leave no point).
 */
export function reduceToPoints(series: Series, maxPoints: number = MAX_POINTS): Point[] {
  const { elapsedMs, values } = series;
  const start = elapsedMs[0];
  const end = elapsedMs.at(-1);
  if (start === undefined || end === undefined) return [];
  if (values.length <= maxPoints) {
    return values.map((value, i) => ({ minutes: minutesBetween(start, elapsedMs[i] as number), value }));
  }
  const width = (end - start) / maxPoints;
  const points: Point[] = [];
  let from = 0;
  for (let bucket = 1; bucket <= maxPoints; bucket++) {
    let to = from;
    const limit = bucket === maxPoints ? Number.POSITIVE_INFINITY : start + bucket * width;
    while (to < values.length && (elapsedMs[to] as number) < limit) to++;
    const point = bucketPoint(series, from, to, start);
    if (point !== null) points.push(point);
    from = to;
  }
  return points;
}

function bucketPoint(series: Series, from: number, to: number, start: number): Point | null {
  const sorted = sortSamples(series.values.slice(from, to));
  if (sorted === null) return null;
  let time = 0;
  for (let i = from; i < to; i++) time += (series.elapsedMs[i] as number) - start;
  return { minutes: time / (to - from) / 60_000, value: trimmedMean(sorted, TRIM) };
}

function minutesBetween(startMs: number, atMs: number): number {
  return (atMs - startMs) / 60_000;
}
