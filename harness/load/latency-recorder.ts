import { build, type Histogram } from 'hdr-histogram-js';
import type { LatencyMs } from '../core/load-counters.js';

/** Latencies of one load in constant memory: a histogram of the whole and one of the current interval. */
export interface LatencyRecorder {
  /** Records milliseconds; negative counts as zero, above the maximum as the maximum. */
  record(ms: number): void;
  /** Percentiles since the previous call, which starts a new interval. */
  takeInterval(): LatencyMs;
  /** Percentiles of everything recorded. */
  total(): LatencyMs;
}

const MICROSECONDS_PER_MS = 1000;

function microsecondHistogram(maxMs: number): Histogram {
  return build({
    // 64-bit counts: two days at 20 000/s come close to what 32 bits hold.
    bitBucketSize: 64,
    autoResize: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: Math.ceil(maxMs * MICROSECONDS_PER_MS),
    numberOfSignificantValueDigits: 3,
  });
}

function percentiles(histogram: Histogram): LatencyMs {
  if (histogram.totalCount === 0) return { p50: null, p99: null };
  return {
    p50: histogram.getValueAtPercentile(50) / MICROSECONDS_PER_MS,
    p99: histogram.getValueAtPercentile(99) / MICROSECONDS_PER_MS,
  };
}

/** Microsecond resolution, three significant digits, values up to `maxMs`. */
export function createLatencyRecorder(maxMs: number): LatencyRecorder {
  const whole = microsecondHistogram(maxMs);
  const interval = microsecondHistogram(maxMs);
  return {
    record(ms) {
      const microseconds = Math.round(Math.min(Math.max(ms, 0), maxMs) * MICROSECONDS_PER_MS);
      whole.recordValue(microseconds);
      interval.recordValue(microseconds);
    },
    takeInterval() {
      const latency = percentiles(interval);
      interval.reset();
      return latency;
    },
    total: () => percentiles(whole),
  };
}
