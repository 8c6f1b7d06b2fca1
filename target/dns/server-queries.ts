import { randomInt } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Clock } from '../clock.js';
import type { Endpoint } from '../endpoint.js';
import { reasonOf } from '../errors.js';
import type { Counters } from '../ops/counters.js';
import type { Log } from '../ops/log.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';
import { EqualWaits } from './equal-waits.js';
import { createMixCase, KEEP_CASE, type MixCase } from './mixed-case.js';
import { isEdnsRefusal, matchQuestion } from './question-match.js';
import { createRandomSlot, idOf, slotOf, socketOf } from './slots.js';
import type { StreamExchange } from './stream-exchange.js';
import { MAX_QUERY_BYTES, writeQuery } from './upstream-message.js';
import { ADVERTISED_PAYLOAD_BYTES, FLAG, HEADER_BYTES } from './wire.js';

/** Settings of the queries. */
export interface ServerQueriesOptions {
  /** How long a server may take by UDP. */
  readonly timeoutMs: number;
  /** Largest number of datagrams that wait for their answer. */
  readonly limit: number;
  readonly mixesCase: boolean;
}

/** What they work with. */
export interface ServerQueriesDeps {
  /** For answers that do not fit a datagram. */
  readonly exchange: StreamExchange;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly log: Log;
}

/** A question to one server. */
export interface ServerQuestion {
  readonly server: Endpoint;
  /** See `Query.key`. */
  readonly key: string;
  readonly recursionDesired: boolean;
}

interface Sent extends ServerQuestion {
  /** The key as it was sent, perhaps in letters of other case. */
  readonly sent: string;
  readonly edns: boolean;
  readonly sentAtMs: number;
  readonly onDone: (response: Buffer | null) => void;
}

/** Sockets of each address family: with 16-bit ids they give a forger 2^20 combinations to guess from (RFC 5452 §4.5). */
export const SOCKETS_PER_FAMILY = 16;
const SLOT_ATTEMPTS = 4;

/**
 * Asks servers that are not known beforehand: from a few sockets for all of them, opened when first needed, each answer
 * matched by id, sender, question and its letters. What does not fit a datagram, and what comes in other letters than
 * were sent, is asked again over TCP; what is refused with an OPT record, without.
 */
export class ServerQueries {
  private readonly deps: ServerQueriesDeps;
  private readonly limit: number;
  private readonly waits: EqualWaits<Sent>;
  private readonly sockets = new Map<number, Socket>();
  private readonly randomSlot = createRandomSlot();
  private readonly mixCase: MixCase;

  constructor(options: ServerQueriesOptions, deps: ServerQueriesDeps) {
    this.deps = deps;
    this.limit = options.limit;
    this.mixCase = options.mixesCase ? createMixCase() : KEEP_CASE;
    this.waits = new EqualWaits(options.timeoutMs, deps.clock, (_slot, sent) => {
      deps.counters.upstreamTimeouts += 1;
      sent.onDone(null);
    });
  }

  /**
   * `onDone` is called once, never before the return, with a response to the question, whatever it says, or null when there
   * was none in time. False when too many questions are open, and then it is not called.
   */
  ask(question: ServerQuestion, onDone: (response: Buffer | null) => void): boolean {
    return this.send(question, true, onDone);
  }

  size(name: string): StructureSize {
    return countedStructure(name, this.waits.size, this.limit);
  }

  close(): void {
    this.waits.close();
    for (const socket of this.sockets.values()) socket.close();
    this.sockets.clear();
  }

  private send(question: ServerQuestion, edns: boolean, onDone: Sent['onDone']): boolean {
    const { server, key, recursionDesired } = question;
    const slot = this.waits.size < this.limit ? this.freeSlot(server) : null;
    if (slot === null) return false;
    const sent = this.mixCase(key);
    this.waits.add(slot, { ...question, sent, edns, sentAtMs: this.deps.clock(), onDone });
    const message = Buffer.allocUnsafe(MAX_QUERY_BYTES);
    const payloadBytes = edns ? ADVERTISED_PAYLOAD_BYTES : null;
    const length = writeQuery(message, idOf(slot), sent, { payloadBytes, recursionDesired });
    this.socketOf(slot, server).send(message, 0, length, server.port, server.address, (error) => {
      // An address that cannot be reached from here; a lost datagram would look the same, only later.
      if (error !== null) this.take(slot)?.onDone(null);
    });
    return true;
  }

  private freeSlot({ address }: Endpoint): number | null {
    for (let attempt = 0; attempt < SLOT_ATTEMPTS; attempt += 1) {
      const slot = this.randomSlot(isIPv6(address) ? SOCKETS_PER_FAMILY : 0, SOCKETS_PER_FAMILY);
      if (this.waits.get(slot) === undefined) return slot;
    }
    return null;
  }

  private socketOf(slot: number, { address }: Endpoint): Socket {
    const number = socketOf(slot);
    const open = this.sockets.get(number);
    if (open !== undefined) return open;
    const [type, family] = isIPv6(address) ? (['udp6', 6] as const) : (['udp4', 4] as const);
    // Addresses are always numeric; the standard look-up would delay each query by a tick.
    const socket = createSocket({ type, lookup: (host, _options, callback) => callback(null, host, family) });
    socket.on('error', (error) => this.deps.log.warn('upstream-socket', `name servers: ${reasonOf(error)}`));
    socket.on('message', (message, remote) => this.onMessage(number, message, remote));
    this.sockets.set(number, socket);
    return socket;
  }

  private take(slot: number): Sent | undefined {
    const sent = this.waits.get(slot);
    this.waits.remove(slot);
    return sent;
  }

  private onMessage(socket: number, message: Buffer, remote: RemoteInfo): void {
    const slot = message.length < HEADER_BYTES ? -1 : slotOf(socket, message.readUInt16BE(0));
    const sent = this.waits.get(slot);
    const isFromServer = sent?.server.port === remote.port && sent.server.address === remote.address;
    const match =
      sent === undefined || !isFromServer ? 'unrelated' : matchQuestion(message, sent.key, sent.sent);
    if (sent === undefined || match === 'unrelated') {
      this.deps.counters.upstreamUnmatched += 1;
      return;
    }
    this.waits.remove(slot);
    if (match === 'other-case') {
      this.deps.counters.upstreamCaseMismatches += 1;
      this.askByStream(sent);
    } else if (isEdnsRefusal(message, sent.edns)) {
      if (!this.send(sent, false, sent.onDone)) sent.onDone(null);
    } else if ((message.readUInt16BE(2) & FLAG.truncated) !== 0) {
      this.askByStream(sent);
    } else {
      sent.onDone(message);
    }
  }

  private askByStream({ server, key, recursionDesired, edns, onDone }: Sent): void {
    const id = randomInt(0x1_0000);
    const message = Buffer.allocUnsafe(MAX_QUERY_BYTES);
    const payloadBytes = edns ? ADVERTISED_PAYLOAD_BYTES : null;
    const length = writeQuery(message, id, key, { payloadBytes, recursionDesired });
    const started = this.deps.exchange.ask(server, message.subarray(0, length), (response) => {
      const isUsable =
        response !== null &&
        response.length >= HEADER_BYTES &&
        response.readUInt16BE(0) === id &&
        matchQuestion(response, key, key) !== 'unrelated';
      onDone(isUsable ? response : null);
    });
    if (!started) onDone(null);
  }
}
