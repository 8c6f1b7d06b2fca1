import type { Phase } from '../harness/core/phase.js';
import { formatBytes, formatDuration } from '../harness/core/units.js';

/** What the live display shows; null is shown as unknown. */
export interface LiveStatus {
  readonly phase: Phase;
  /** Until the load stops; null when there is no end. */
  readonly leftMs: number | null;
  /** Since the start, where that is what can be said of the time; null where it is not shown. */
  readonly elapsedMs: number | null;
  /** RSS readings so far, oldest first, empty cells left out. */
  readonly rssBytes: readonly number[];
  /** False when somebody else drives the target: nothing is said of the load then. */
  readonly hasLoad: boolean;
  readonly offeredPerSec: number | null;
  readonly answeredPerSec: number | null;
  readonly liveHeapBytes: number | null;
}

const BARS = [...'▁▂▃▄▅▆▇█'];

/** As many bars as give a curve a shape and still fit beside the figures in 80 columns. */
const SPARKLINE_WIDTH = 16;

/** Where the line is cut when the terminal's width is unknown. */
const DEFAULT_WIDTH = 110;

/** One line about a run in progress, cut to `width` characters. */
export function statusLine(status: LiveStatus, width: number = DEFAULT_WIDTH): string {
  const line = [
    status.phase,
    ...(status.leftMs === null ? [] : [`${formatDuration(1000 * Math.ceil(status.leftMs / 1000))} left`]),
    ...sincePart(status.elapsedMs),
    rssPart(status.rssBytes),
    ...(status.hasLoad ? [loadPart(status)] : []),
    ...(status.liveHeapBytes === null ? [] : [`live heap ${formatBytes(status.liveHeapBytes)}`]),
  ].join(' · ');
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
}

/** Nothing in the first second: there is no time to speak of. */
function sincePart(elapsedMs: number | null): string[] {
  return elapsedMs === null || elapsedMs < 1000
    ? []
    : [`for ${formatDuration(1000 * Math.floor(elapsedMs / 1000))}`];
}

function rssPart(readings: readonly number[]): string {
  const last = readings.at(-1);
  return last === undefined ? 'rss ?' : `rss ${sparkline(readings)} ${formatBytes(last)}`;
}

function loadPart({ phase, offeredPerSec, answeredPerSec }: LiveStatus): string {
  if (offeredPerSec === null) return phase === 'warm-up' ? 'no load yet' : 'load not counted';
  const answered = answeredPerSec === null ? '?' : String(Math.round(answeredPerSec));
  return `${Math.round(offeredPerSec)}/s offered, ${answered}/s answered`;
}

/**
 * Values as a row of bars between their least and their greatest, thinned to at most `width` by taking the
 * greatest of each group so that a peak never vanishes. Equal values are a flat low line; none are ''.
 */
export function sparkline(values: readonly number[], width: number = SPARKLINE_WIDTH): string {
  const bars = Math.min(width, values.length);
  const peaks = Array.from({ length: bars }, (_, i) =>
    values
      .slice(Math.floor((i * values.length) / bars), Math.floor(((i + 1) * values.length) / bars))
      .reduce((peak, value) => Math.max(peak, value), Number.NEGATIVE_INFINITY),
  );
  const low = Math.min(...peaks);
  const range = Math.max(...peaks) - low;
  return peaks
    .map((peak) => BARS[range === 0 ? 0 : Math.round(((peak - low) / range) * (BARS.length - 1))])
    .join('');
}
