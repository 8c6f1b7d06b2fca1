import { counted, type Dropped, type SegmentBreak } from './dropped.js';
import { filterReadings, type Readings, sliceReadings } from './readings.js';

/** A silence longer than this share of the whole span ends a series: a line across it would be a guess. */
const MAX_GAP_SHARE = 0.25;

/** … unless the readings are so few that it is hardly longer than usual: it must be this many mean intervals. */
const MIN_GAP_INTERVALS = 5;

/** The stretch to judge, and what was left out to get it. */
export interface Segment {
  readonly readings: Readings;
  /** The other stretches of the same process, in their order. */
  readonly others: readonly Readings[];
  readonly dropped: readonly Dropped[];
}

/**
 * The stretch with the most readings in which one process is read by a clock that only goes forward. Single
 * readings with a repeated or misplaced time are left out; a clock that stays back, another pid or a long
 * silence (also what a clock set forward looks like) begins a new stretch.
 */
export function longestSegment(given: Readings): Segment {
  const readings = filterReadings(given, (i) => !isGlitch(given.elapsedMs, i));
  const breaks = findBreaks(readings);
  const edges = [0, ...breaks.map(({ index }) => index), readings.values.length];
  let [from, to] = [0, 0];
  const stretches = edges.slice(1).map((end, i): readonly [number, number] => [edges[i] as number, end]);
  for (const [start, end] of stretches) if (end - start > to - from) [from, to] = [start, end];
  const others = stretches.filter(
    ([start]) => start !== from && readings.pids[start] === readings.pids[from],
  );
  const elsewhere = readings.values.length - (to - from);
  return {
    readings: sliceReadings(readings, from, to),
    others: others.map(([start, end]) => sliceReadings(readings, start, end)),
    dropped: [
      ...counted('clock-glitch', given.values.length - readings.values.length),
      ...(elsewhere > 0
        ? [
            {
              kind: 'other-segment' as const,
              readings: elsewhere,
              judged: to - from,
              breaks: breaks.map(({ kind, index }) => ({ kind, atMs: readings.elapsedMs[index] as number })),
            },
          ]
        : []),
    ],
  };
}

/** A time that repeats its predecessor's, or a single one out of an order that holds without it. */
function isGlitch(times: Float64Array, i: number): boolean {
  const at = times[i] as number;
  const before = times[i - 1] ?? Number.NEGATIVE_INFINITY;
  const after = times[i + 1] ?? Number.POSITIVE_INFINITY;
  if (at === before) return true;
  const tooLate = at > after && after > before;
  const tooEarly = at < before && after > before && after < Number.POSITIVE_INFINITY;
  return tooLate || tooEarly;
}

type BreakAt = Pick<SegmentBreak, 'kind'> & { readonly index: number };

function findBreaks({ elapsedMs, pids }: Readings): readonly BreakAt[] {
  const share = Math.max(MAX_GAP_SHARE, MIN_GAP_INTERVALS / Math.max(1, elapsedMs.length - 1));
  const limit = share * coveredMs(elapsedMs);
  const breaks: BreakAt[] = [];
  for (let index = 1; index < elapsedMs.length; index++) {
    const step = (elapsedMs[index] as number) - (elapsedMs[index - 1] as number);
    if (pids[index] !== pids[index - 1]) breaks.push({ kind: 'restart', index });
    else if (step <= 0) breaks.push({ kind: 'clock-stepped-back', index });
    else if (step > limit) breaks.push({ kind: 'gap', index });
  }
  return breaks;
}

/** Sum of all forward steps: the span, when the clock never goes back. */
function coveredMs(times: Float64Array): number {
  let sum = 0;
  for (let i = 1; i < times.length; i++) {
    sum += Math.max(0, (times[i] as number) - (times[i - 1] as number));
  }
  return sum;
}
