import type { LoadCounters } from '../../core/load-counters.js';
import { latencyBins } from '../latency-recorder.js';
import { MAX_LATENESS_MS } from '../open-loop.js';

/** What a flooding thread is to do; the thread itself sets `IDLE` when a stopped flood has drained. */
export const IDLE = 0;
export const RUNNING = 1;
export const STOPPING = 2;
export const CLOSED = 3;

/** Schedule errors are recorded up to this. */
export const MAX_SCHEDULE_ERROR_MS = 2 * MAX_LATENESS_MS;

const COUNTERS = ['intended', 'offered', 'answered', 'wrong', 'errors', 'timeouts', 'dropped'] as const;
/** The command lies in a cache line of its own, which the flooding thread reads with every batch. */
const CONTROL_BYTES = 64;

/**
 * Memory that a flooding thread and the thread which commands it share: the one is busy and takes no messages, the
 * other must not wait for it. Each count has one writer, and an aligned 64-bit value is never read by halves.
 */
export interface FloodBoard {
  readonly memory: SharedArrayBuffer;
  /** Its only element is what the flooding thread is to do. */
  readonly control: Int32Array;
  /** Counts of latencies from the intended time. */
  readonly latency: Float64Array;
  /** Counts of send times minus intended times. */
  readonly scheduleError: Float64Array;
  publish(counters: LoadCounters): void;
  read(): LoadCounters;
}

/** Longest latency that is told apart: an answer can come at the timeout, to a question that left late. */
export function maxLatencyMs(timeoutMs: number): number {
  return timeoutMs + 2 * MAX_LATENESS_MS;
}

/** Lays a board out in new memory, or in memory that another thread has laid out for the same timeout. */
export function floodBoard(timeoutMs: number, memory?: SharedArrayBuffer): FloodBoard {
  const countersAt = CONTROL_BYTES;
  const latencyAt = countersAt + COUNTERS.length * 8;
  const latencyLength = latencyBins(maxLatencyMs(timeoutMs));
  const errorsAt = latencyAt + latencyLength * 8;
  const errorsLength = latencyBins(MAX_SCHEDULE_ERROR_MS);
  const shared = memory ?? new SharedArrayBuffer(errorsAt + errorsLength * 8);
  const values = new Float64Array(shared, countersAt, COUNTERS.length);

  return {
    memory: shared,
    control: new Int32Array(shared, 0, 1),
    latency: new Float64Array(shared, latencyAt, latencyLength),
    scheduleError: new Float64Array(shared, errorsAt, errorsLength),
    publish(counters) {
      for (let i = 0; i < COUNTERS.length; i++) values[i] = counters[COUNTERS[i] as keyof LoadCounters];
    },
    read() {
      const [intended, offered, answered, wrong, errors, timeouts, dropped] = values as unknown as number[];
      return { intended, offered, answered, wrong, errors, timeouts, dropped } as LoadCounters;
    },
  };
}
