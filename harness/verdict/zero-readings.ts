import type { ForeignSeries } from '../core/foreign-recording.js';
import { isGauge } from '../core/gauge.js';
import { metricInfo } from '../core/metric.js';
import { formatDuration } from '../core/units.js';
import { metricSays } from './metric-label.js';

/** Shorter runs of zeros at the end are a reading that failed, not a process that ended. */
const MIN_END = 3;

/** A metric that reached this many resolution steps does not count few enough things to fall to 0 by itself. */
const MIN_LEVEL_STEPS = 8;

/** Zeros of a metric among other readings, which a sampler writes of a process that is gone. */
export interface ZeroReadings {
  readonly message: string;
  /** Whether they speak against passing what the other readings show. */
  readonly doubtful: boolean;
}

/**
 * Zeros that may stand for a process that ended or could not be read: always for memory and threads, of other
 * metrics when the series ends with them or they are most of it. Null when there are none, or nothing else; a
 * gauge means its zeros.
 */
export function zeroReadings({ metric, elapsedMs, values, resolution }: ForeignSeries): ZeroReadings | null {
  const count = values.filter((value) => value === 0).length;
  if (isGauge(metric) || count === 0 || count === values.length) return null;
  const { neverZero } = metricInfo(metric);
  const high = neverZero || values.some((value) => value >= MIN_LEVEL_STEPS * resolution);
  const runs = zeroRuns(values);
  const last = runs.at(-1) as ZeroRun;
  const atEnd = last.to === values.length && last.to - last.from >= MIN_END;
  const longest = runs.slice(0, -1).every(({ from, to }) => to - from < last.to - last.from);
  const ended = atEnd && (high || longest);
  const doubtful = ended || (high && count > values.length / 2);
  if (!doubtful && !neverZero) return null;
  const first = ended ? last.from : (runs[0] as ZeroRun).from;
  const rows = ended ? last.to - last.from : count;
  const since = formatDuration(elapsedMs[first] as number);
  const question = ended ? 'did the process end?' : 'was there a process to read?';
  const says = metricSays(metric, 'reads', 'read');
  return {
    message: `${says} 0 in ${rows} of ${values.length} rows from ${since} on (${question})`,
    doubtful,
  };
}

/** Indices `from` up to, not including, `to`. */
interface ZeroRun {
  readonly from: number;
  readonly to: number;
}

function zeroRuns(values: readonly number[]): readonly ZeroRun[] {
  const runs: ZeroRun[] = [];
  for (let from = 0; from < values.length; from++) {
    if (values[from] !== 0) continue;
    let to = from;
    while (values[to] === 0) to++;
    runs.push({ from, to });
    from = to;
  }
  return runs;
}
