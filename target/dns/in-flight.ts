import type { Clock } from '../clock.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';
import type { Answer } from './answer.js';
import { EqualWaits, type Waiting } from './equal-waits.js';

/** A question on its way to the forwarders, over all attempts to have it answered. */
export interface UpstreamQuestion {
  /** The question section to send, see `Query.key`. */
  readonly key: string;
  /** Told once how it ended; null when no forwarder gave an answer. */
  readonly onDone: (answer: Answer | null) => void;
  /** Forwarders asked so far, the present one included: a bit for each. */
  tried: number;
  /** Slots in which the forwarder asked at present may still answer: one, or two after a repetition. */
  slots: readonly number[];
  /** It was sent once more to a forwarder that was slow to answer; that is done at most once. */
  repeated: boolean;
  /** The forwarder asked at present refused it with an OPT record, and was sent it without. */
  ednsRefused: boolean;
}

/** A question that was not sent yet. */
export function newQuestion(key: string, onDone: (answer: Answer | null) => void): UpstreamQuestion {
  return { key, onDone, tried: 0, slots: [], repeated: false, ednsRefused: false };
}

/** One datagram that was sent upstream and not yet answered. */
export interface UpstreamQuery extends Waiting {
  readonly question: UpstreamQuestion;
  /** The question as it was sent: the key, perhaps in letters of other case. */
  readonly sent: string;
  /** It carried an OPT record. */
  readonly edns: boolean;
}

/** What came of entering a query; unless it was added, nothing changed. */
export type AddResult = 'added' | 'slot-taken' | 'table-full';

/** Queries sent upstream and not yet answered, by slot: the number of the socket and the message id in one. */
export interface InFlightTable {
  /** Enters a query that is sent just now. */
  add(slot: number, query: UpstreamQuery): AddResult;
  /** The query that waits in this slot. */
  get(slot: number): UpstreamQuery | undefined;
  /** Releases the slot of a query that was answered or is of no interest any more. */
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

/** The node's table: bounded, with one timer for all queries. */
export class InFlightQueries implements InFlightTable {
  private readonly queries: EqualWaits<UpstreamQuery>;
  private readonly limit: number;

  constructor(options: InFlightOptions, clock: Clock, onTimeout: OnTimeout) {
    this.queries = new EqualWaits(options.timeoutMs, clock, onTimeout);
    this.limit = options.limit;
  }

  add(slot: number, query: UpstreamQuery): AddResult {
    if (this.queries.size >= this.limit) return 'table-full';
    if (this.queries.get(slot) !== undefined) return 'slot-taken';
    this.queries.add(slot, query);
    return 'added';
  }

  get(slot: number): UpstreamQuery | undefined {
    return this.queries.get(slot);
  }

  remove(slot: number): void {
    this.queries.remove(slot);
  }

  size(): StructureSize {
    return countedStructure(IN_FLIGHT_STRUCTURE, this.queries.size, this.limit);
  }

  close(): void {
    this.queries.close();
  }
}
