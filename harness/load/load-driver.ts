import type { GeneratorHealth, LatencyMs, LoadCounters } from '../core/load-counters.js';

/** A load as it stands. */
export interface LoadTick {
  readonly counters: LoadCounters;
  /** Latency of valid answers, from the intended time. */
  readonly latencyMs: LatencyMs;
  readonly generator?: GeneratorHealth;
}

/** The same of a load that may be unable to count: of a foreign tool nothing is known. */
export type PossibleTick = LoadTick | { readonly counters: null; readonly latencyMs: LatencyMs };

export const NOTHING_COUNTED: PossibleTick = { counters: null, latencyMs: { p50: null, p99: null } };

/** The answer to one question whose answer is known. */
export interface ProbeOutcome {
  readonly ok: boolean;
  /** What was seen, for people. */
  readonly message: string;
}

/**
 * A source of load on one target. Counters and latencies cover everything since the first `start`. After `stop`,
 * `offered + dropped = intended` and `answered + wrong + errors + timeouts = offered`; before, work under way is missing.
 */
export interface LoadDriver<T extends PossibleTick = LoadTick> {
  /** Starts offering; after a `stop` it goes on where the load ended. Throws while the load runs. */
  start(): void;
  /** Stops offering, waits until nothing is in flight; totals, with the latency of the whole load. */
  stop(): Promise<T>;
  /** Counters now, and latency since the previous call. */
  tick(): T;
  /** Asks one question outside the counters; never rejects over what the target does. */
  probe(timeoutMs: number): Promise<ProbeOutcome>;
  /** Releases sockets and timers at once; safe to call twice. A pending `stop` rejects. */
  close(): void;
}
