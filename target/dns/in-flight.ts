import type { Clock } from '../clock.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';
import type { Answer } from './answer.js';

/** A question on its way to the forwarders. */
export interface UpstreamQuery {
  /** The question section to send, see `Query.key`. */
  readonly key: string;
  /** Told once how it ended; null when no forwarder gave an answer. */
  readonly onDone: (answer: Answer | null) => void;
  /** Forwarders asked so far, the present one included. */
  attempts: number;
  /** When the present attempt was sent. */
  sentAtMs: number;
}

/** Queries sent upstream and not yet answered, by slot: the number of the socket and the message id in one. */
export interface InFlightTable {
  /** Enters the query; false when the slot is taken or the table is full, and then nothing changed. */
  add(slot: number, query: UpstreamQuery): boolean;
  /** The query that waits in this slot. */
  get(slot: number): UpstreamQuery | undefined;
  /** Releases the slot of a query that was answered. */
  remove(slot: number): void;
  size(): StructureSize;
  /** Releases everything, telling nobody. */
  close(): void;
}

/** Called once for each query that was not answered in time, after its slot was given up. */
export type OnTimeout = (slot: number, query: UpstreamQuery) => void;

/** Makes the table once its user can take time-outs. */
export type InFlightTableFactory = (onTimeout: OnTimeout) => InFlightTable;

/** Settings of the table. */
export interface InFlightOptions {
  readonly timeoutMs: number;
  /** Largest number of queries in flight. */
  readonly limit: number;
}

/** Name under which `/health` lists the table, whichever implementation is in use. */
export const IN_FLIGHT_STRUCTURE = 'dns-in-flight';

/** A time-out is noticed at most this part of itself late. */
const SWEEPS_PER_TIMEOUT = 20;
const MIN_SWEEP_MS = 10;
const MAX_SWEEP_MS = 250;

/**
 * The node's table: bounded, with one timer for all queries, so the number of timers does not follow the load. All
 * queries wait equally long and a map keeps the order of insertion, so those due are always the first ones.
 */
export class InFlightQueries implements InFlightTable {
  private readonly queries = new Map<number, UpstreamQuery>();
  private readonly options: InFlightOptions;
  private readonly clock: Clock;
  private readonly onTimeout: OnTimeout;
  private readonly timer: NodeJS.Timeout;

  constructor(options: InFlightOptions, clock: Clock, onTimeout: OnTimeout) {
    this.options = options;
    this.clock = clock;
    this.onTimeout = onTimeout;
    const sweepMs = Math.min(Math.max(options.timeoutMs / SWEEPS_PER_TIMEOUT, MIN_SWEEP_MS), MAX_SWEEP_MS);
    this.timer = setInterval(() => this.sweep(), sweepMs);
  }

  add(slot: number, query: UpstreamQuery): boolean {
    if (this.queries.size >= this.options.limit || this.queries.has(slot)) return false;
    this.queries.set(slot, query);
    return true;
  }

  get(slot: number): UpstreamQuery | undefined {
    return this.queries.get(slot);
  }

  remove(slot: number): void {
    this.queries.delete(slot);
  }

  size(): StructureSize {
    return countedStructure(IN_FLIGHT_STRUCTURE, this.queries.size, this.options.limit);
  }

  close(): void {
    clearInterval(this.timer);
    this.queries.clear();
  }

  private sweep(): void {
    const sentBefore = this.clock() - this.options.timeoutMs;
    for (const [slot, query] of this.queries) {
      if (query.sentAtMs > sentBefore) return;
      this.queries.delete(slot);
      this.onTimeout(slot, query);
    }
  }
}
