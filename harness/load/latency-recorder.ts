import type { LatencyMs } from '../core/load-counters.js';
import { binCount, binOf, percentileOf } from './histogram.js';

/** Latencies of one load in constant memory: the whole and the current interval. */
export interface LatencyRecorder {
  /** Records milliseconds; negative counts as zero, above the maximum as the maximum. */
  record(ms: number): void;
  /** Percentiles since the previous call, which starts a new interval. */
  takeInterval(): LatencyMs;
  /** Percentiles of everything recorded. */
  total(): LatencyMs;
}

const MICROSECONDS_PER_MS = 1000;

/** How many counts a recorder of values up to `maxMs` keeps. */
export function latencyBins(maxMs: number): number {
  return binCount(Math.ceil(maxMs * MICROSECONDS_PER_MS));
}

/**
 * Microsecond resolution, three significant digits, values up to `maxMs`.
 *
 * @param counts `latencyBins(maxMs)` of them; in shared memory when one thread records and another one reads
 */
export function createLatencyRecorder(
  maxMs: number,
  counts: Float64Array = new Float64Array(latencyBins(maxMs)),
): LatencyRecorder {
  const maxMicroseconds = Math.ceil(maxMs * MICROSECONDS_PER_MS);
  // Laid out once: megabytes of garbage at every tick would look like growth of this process.
  const before = new Float64Array(counts.length);
  const interval = new Float64Array(counts.length);

  return {
    record(ms) {
      const microseconds = Math.min(Math.max(Math.round(ms * MICROSECONDS_PER_MS), 0), maxMicroseconds);
      const bin = binOf(microseconds);
      counts[bin] = (counts[bin] as number) + 1;
    },
    takeInterval() {
      for (let bin = 0; bin < counts.length; bin++) {
        const count = counts[bin] as number;
        interval[bin] = count - (before[bin] as number);
        before[bin] = count;
      }
      return percentiles(interval);
    },
    total: () => percentiles(counts),
  };
}

function percentiles(counts: Float64Array): LatencyMs {
  const inMs = (percent: number): number | null => {
    const microseconds = percentileOf(counts, percent);
    return microseconds === null ? null : microseconds / MICROSECONDS_PER_MS;
  };
  return { p50: inMs(50), p99: inMs(99) };
}
