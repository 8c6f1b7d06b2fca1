import { countedStructure, type StructureSize } from '../ops/structure.js';
import {
  type AddResult,
  IN_FLIGHT_STRUCTURE,
  type InFlightTable,
  type OnTimeout,
  type UpstreamQuery,
} from './in-flight.js';

interface TimedQuery {
  readonly query: UpstreamQuery;
  readonly timer: NodeJS.Timeout;
  /** A late answer is of no use any more: the client has been told. */
  timedOut: boolean;
}

/**
 * In-flight table with a timer of its own for each query, as resolvers in this language are often written. An
 * answer clears timer and entry; a time-out tells the waiting client but releases neither, so entry, timer,
 * closure and the clients they hold stay, measured on Node 20 at about 1.1 KB of live heap for each question. Nothing bounds the table.
 */
export class TimerPerQueryTable implements InFlightTable {
  private readonly queries = new Map<number, TimedQuery>();
  private readonly timeoutMs: number;
  private readonly onTimeout: OnTimeout;

  constructor(timeoutMs: number, onTimeout: OnTimeout) {
    this.timeoutMs = timeoutMs;
    this.onTimeout = onTimeout;
  }

  add(slot: number, query: UpstreamQuery): AddResult {
    if (this.queries.has(slot)) return 'slot-taken';
    const timer = setTimeout(() => {
      timed.timedOut = true;
      this.onTimeout(slot, query);
    }, this.timeoutMs);
    const timed: TimedQuery = { query, timer, timedOut: false };
    this.queries.set(slot, timed);
    return 'added';
  }

  get(slot: number): UpstreamQuery | undefined {
    const timed = this.queries.get(slot);
    return timed === undefined || timed.timedOut ? undefined : timed.query;
  }

  remove(slot: number): void {
    clearTimeout(this.queries.get(slot)?.timer);
    this.queries.delete(slot);
  }

  size(): StructureSize {
    return countedStructure(IN_FLIGHT_STRUCTURE, this.queries.size, null);
  }

  close(): void {
    for (const { timer } of this.queries.values()) clearTimeout(timer);
    this.queries.clear();
  }
}
