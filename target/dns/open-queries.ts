import type { Socket } from 'node:dgram';
import type { Clock } from '../clock.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';
import { EqualWaits } from './equal-waits.js';
import type { AddResult, InFlightTable, UpstreamQuery, UpstreamQuestion } from './in-flight.js';
import type { MixCase } from './mixed-case.js';
import { PacketSender } from './packet-sender.js';
import { createRandomSlot, idOf, socketOf } from './slots.js';
import { forwarderForm, MAX_QUERY_BYTES, writeQuery } from './upstream-message.js';
import { SOCKETS_PER_FORWARDER } from './upstream-sockets.js';

/** Queries in flight that one question needs at most: it, and its repetition. */
export const QUERIES_PER_QUESTION = 2;
/**
 * With one forwarder there is no second one to make up for a lost datagram, so the question is sent once more after
 * this part of the time-out: late enough that few slow answers are asked for twice, early enough that the second
 * has most of the time-out left.
 */
const REPEAT_AFTER = 0.4;
/** Random slots tried before the sockets count as having none free. */
const SLOT_ATTEMPTS = 4;
/** What may wait for the kernel on one socket: more than a hundred queries that should be gone in microseconds. */
const MAX_QUEUED_BYTES = 65_536;

/** Settings of the sending. */
export interface OpenQueriesOptions {
  readonly timeoutMs: number;
  /** There is no other forwarder to ask. */
  readonly repeats: boolean;
}

/** What the queries are sent with. */
export interface OpenQueriesDeps {
  /** The whole pool by number, see `openUpstreamSockets`. */
  readonly sockets: ReadonlyMap<number, Socket>;
  readonly mixCase: MixCase;
  readonly table: InFlightTable;
  readonly clock: Clock;
  /** Told of an error that a socket had pending when the next datagram was sent; the datagram was not. */
  readonly onSendError: (socket: number, error: Error) => void;
}

/** Sends questions upstream, and knows in which slots each of them may still be answered. */
export class OpenQueries {
  private readonly options: OpenQueriesOptions;
  private readonly deps: OpenQueriesDeps;
  private readonly sender = new PacketSender(MAX_QUERY_BYTES, MAX_QUEUED_BYTES);
  private readonly randomSlot = createRandomSlot();
  private readonly repetitions: EqualWaits<UpstreamQuery>;
  /** By socket, so that all can be given up when the socket reports that nobody is there. */
  private readonly slotsInUse: ReadonlyMap<number, Set<number>>;
  /** By socket: made once, not for each datagram. */
  private readonly onSent: ReadonlyMap<number, (error: Error | null) => void>;

  constructor(options: OpenQueriesOptions, deps: OpenQueriesDeps) {
    this.options = options;
    this.deps = deps;
    const numbers = [...deps.sockets.keys()];
    this.slotsInUse = new Map(numbers.map((number) => [number, new Set()]));
    const tell = (number: number) => (error: Error | null) => {
      if (error !== null) deps.onSendError(number, error);
    };
    this.onSent = new Map(numbers.map((number) => [number, tell(number)]));
    this.repetitions = new EqualWaits(options.timeoutMs * REPEAT_AFTER, deps.clock, (slot, query) =>
      this.repeat(slot, query),
    );
  }

  /** Sends the question, with an OPT record if `edns`, in a slot of its own besides those that it has. */
  send(question: UpstreamQuestion, forwarder: number, edns: boolean): AddResult {
    const sent = this.deps.mixCase(question.key);
    const query: UpstreamQuery = { question, sent, edns, sentAtMs: this.deps.clock() };
    for (let attempt = 0; attempt < SLOT_ATTEMPTS; attempt += 1) {
      const slot = this.randomSlot(forwarder * SOCKETS_PER_FORWARDER, SOCKETS_PER_FORWARDER);
      const added = this.deps.table.add(slot, query);
      if (added === 'table-full') return added;
      if (added === 'slot-taken') continue;
      question.slots = [...question.slots, slot];
      this.slotsInUse.get(socketOf(slot))?.add(slot);
      if (this.options.repeats && !question.repeated) this.repetitions.add(slot, query);
      this.transmit(slot, query);
      return added;
    }
    return 'slot-taken';
  }

  /** Gives up the question's slots. The table gave up `timedOut` itself. */
  release(question: UpstreamQuestion, timedOut: number | null): void {
    for (const slot of question.slots) {
      if (slot !== timedOut) this.deps.table.remove(slot);
      this.repetitions.remove(slot);
      this.slotsInUse.get(socketOf(slot))?.delete(slot);
    }
    question.slots = [];
  }

  /** The questions that wait for an answer on this socket. */
  questionsOn(socket: number): ReadonlySet<UpstreamQuestion> {
    const questions = new Set<UpstreamQuestion>();
    for (const slot of this.slotsInUse.get(socket) ?? []) {
      const query = this.deps.table.get(slot);
      if (query !== undefined) questions.add(query.question);
    }
    return questions;
  }

  structures(): readonly StructureSize[] {
    const inFlight = this.deps.table.size();
    return [
      inFlight,
      countedStructure('dns-repetitions', this.repetitions.size, inFlight.limit),
      this.sender.size('dns-upstream-queue', [...this.deps.sockets.values()]),
    ];
  }

  close(): void {
    this.repetitions.close();
    for (const slots of this.slotsInUse.values()) slots.clear();
  }

  /** Sends the same once more, from another port with another id; either may be answered. */
  private repeat(slot: number, { question, edns }: UpstreamQuery): void {
    question.repeated = true;
    this.send(question, Math.floor(socketOf(slot) / SOCKETS_PER_FORWARDER), edns);
  }

  /** A datagram that cannot be sent is like one that was lost: repetition and time-out take care of it. */
  private transmit(slot: number, { sent, edns }: UpstreamQuery): void {
    const number = socketOf(slot);
    const [socket, onSent] = [this.deps.sockets.get(number), this.onSent.get(number)];
    if (socket === undefined || onSent === undefined) return;
    const length = writeQuery(this.sender.buffer, idOf(slot), sent, forwarderForm(edns));
    this.sender.sendConnected(socket, length, onSent);
  }
}
