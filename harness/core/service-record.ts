import type { LatencyMs } from './load-counters.js';

/** A stretch in which a service gave no right answer, two questions or more in a row. */
export interface Outage {
  /** When the first of them was asked, on the run's clock. */
  readonly fromMs: number;
  /** When it answered again; null when it did not. */
  readonly toMs: number | null;
  /** What the first of them came to, for people. */
  readonly message: string;
}

/** How one service of the target answered questions with a known answer, asked once a second beside the load. */
export interface ServiceRecord {
  /** As in the target's addresses, e.g. `dns-tcp`. */
  readonly service: string;
  readonly asked: number;
  readonly answered: number;
  /** Time to the right answer; null without one. */
  readonly latencyMs: LatencyMs;
  /** The first of them; what comes after many is the same trouble. */
  readonly outages: readonly Outage[];
}
