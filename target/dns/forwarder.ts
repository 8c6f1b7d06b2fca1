import type { Clock } from '../clock.js';
import type { Endpoint } from '../endpoint.js';
import type { Counters } from '../ops/counters.js';
import { noteInternalError } from '../ops/internal-error.js';
import type { Log } from '../ops/log.js';
import type { StructureSize } from '../ops/structure.js';
import { type Answer, readAnswer, type TtlCaps } from './answer.js';
import type { InFlightTable, InFlightTableFactory, UpstreamQuery } from './in-flight.js';
import { PacketSender } from './packet-sender.js';
import { readQuestionKey } from './query.js';
import { createRandomSlot, idOf, slotOf, socketOf } from './slots.js';
import { openUpstreamSockets, SOCKETS_PER_FORWARDER } from './upstream-sockets.js';
import { FLAG, HEADER_BYTES, RCODE, RCODE_MASK, writeOpt } from './wire.js';

/** Asks other resolvers. */
export interface Forwarder {
  /**
   * Asks the forwarders one after the other until one answers. False when it cannot be asked at all (too many
   * questions in flight, no forwarder); then `onDone` is not called, else exactly once and never before the return.
   */
  ask(key: string, onDone: (answer: Answer | null) => void): boolean;
  size(): StructureSize;
  /** Closes the sockets and forgets the questions in flight. */
  close(): void;
}

/** Settings of the forwarder. */
export interface ForwarderOptions {
  readonly forwarders: readonly Endpoint[];
  readonly ttlCaps: TtlCaps;
}

/** What the forwarder works with. */
export interface ForwarderDeps {
  readonly createTable: InFlightTableFactory;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly log: Log;
}

/** Room for a header, the longest question and an OPT record. */
const MAX_QUERY_BYTES = 320;
/** Random slots tried before the table counts as full. */
const SLOT_ATTEMPTS = 4;

/** Opens the sockets; throws `StartError` when that fails. */
export async function openForwarder(options: ForwarderOptions, deps: ForwarderDeps): Promise<Forwarder> {
  const { forwarders, ttlCaps } = options;
  const { clock, counters, log } = deps;
  const randomSlot = createRandomSlot();
  const sender = new PacketSender(MAX_QUERY_BYTES);
  const table: InFlightTable = deps.createTable((slot, query) => {
    counters.upstreamTimeouts += 1;
    askNext(slot, query);
  });
  const sockets = await openUpstreamSockets(forwarders, onMessage, log).catch((error: unknown) => {
    table.close();
    throw error;
  });
  /** The forwarder asked first: the last one that answered, so that a dead one costs one time-out, not one per question. */
  let preferred = 0;

  function send(query: UpstreamQuery, forwarder: number): boolean {
    query.sentAtMs = clock();
    for (let attempt = 0; attempt < SLOT_ATTEMPTS; attempt += 1) {
      const slot = randomSlot(forwarder * SOCKETS_PER_FORWARDER, SOCKETS_PER_FORWARDER);
      const socket = sockets[socketOf(slot)];
      if (socket === undefined) return false;
      if (!table.add(slot, query)) continue;
      // A datagram that cannot be sent is like one that was lost: the time-out takes care of it.
      sender.send(socket, writeQuery(sender.buffer, idOf(slot), query.key));
      return true;
    }
    return false;
  }

  /** After a failed attempt in `slot`: the next forwarder, or the end when all were asked. */
  function askNext(slot: number, query: UpstreamQuery): void {
    const next = (forwarderOf(slot) + 1) % forwarders.length;
    query.attempts += 1;
    if (query.attempts > forwarders.length || !send(query, next)) query.onDone(null);
  }

  /** An answer that trips an error of ours counts as unusable: the question goes on to the next forwarder. */
  function read(message: Buffer, questionEnd: number): Answer | null {
    try {
      return readAnswer(message, questionEnd, ttlCaps);
    } catch (error) {
      noteInternalError(error, counters, log);
      return null;
    }
  }

  function onMessage(socket: number, message: Buffer): void {
    const slot = message.length < HEADER_BYTES ? -1 : slotOf(socket, message.readUInt16BE(0));
    const query = table.get(slot);
    if (query === undefined || !answersQuestion(message, query.key)) {
      counters.upstreamUnmatched += 1;
      return;
    }
    table.remove(slot);
    const rcode = message.readUInt16BE(2) & RCODE_MASK;
    const usable = rcode === RCODE.noError || rcode === RCODE.nxDomain;
    const answer = usable ? read(message, HEADER_BYTES + query.key.length) : null;
    if (answer === null) {
      counters.upstreamFailures += 1;
      askNext(slot, query);
      return;
    }
    preferred = forwarderOf(slot);
    query.onDone(answer);
  }

  return {
    ask: (key, onDone) => send({ key, onDone, attempts: 1, sentAtMs: 0 }, preferred),
    size: () => table.size(),
    close: () => {
      table.close();
      for (const socket of sockets) socket.close();
    },
  };
}

function forwarderOf(slot: number): number {
  return Math.floor(socketOf(slot) / SOCKETS_PER_FORWARDER);
}

/** RFC 5452 §9.1: a response to exactly this question. */
function answersQuestion(message: Buffer, key: string): boolean {
  if ((message.readUInt16BE(2) & FLAG.response) === 0 || message.readUInt16BE(4) !== 1) return false;
  return readQuestionKey(message) === key;
}

/** Writes the question with RD and an OPT record into `out` and returns the length. */
function writeQuery(out: Buffer, id: number, key: string): number {
  out.writeUInt16BE(id, 0);
  out.writeUInt16BE(FLAG.recursionDesired, 2);
  out.writeUInt32BE(0x0001_0000, 4);
  out.writeUInt32BE(0x0000_0001, 8);
  return writeOpt(out, HEADER_BYTES + out.write(key, HEADER_BYTES, 'latin1'), RCODE.noError);
}
