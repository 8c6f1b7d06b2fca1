import { randomInt } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Clock } from '../clock.js';
import type { Answer, TtlCaps } from '../dns/answer.js';
import { EqualWaits } from '../dns/equal-waits.js';
import type { UpstreamQuery } from '../dns/in-flight.js';
import { MAX_QUERY_BYTES, readResponse, writeQuery } from '../dns/upstream-message.js';
import { HEADER_BYTES } from '../dns/wire.js';
import type { Endpoint } from '../endpoint.js';
import type { Counters } from '../ops/counters.js';
import { noteInternalError } from '../ops/internal-error.js';
import type { Log } from '../ops/log.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';
import { DELEGATION_STRUCTURE, type Delegation } from './delegation.js';

/** Settings of the delegation. */
export interface DelegationOptions {
  readonly timeoutMs: number;
  /** Largest number of questions that wait for an answer; well below the 65 536 ids. */
  readonly limit: number;
  readonly ttlCaps: TtlCaps;
}

/** What it works with. */
export interface DelegationDeps {
  readonly clock: Clock;
  readonly counters: Counters;
  readonly log: Log;
}

interface Question {
  readonly server: Endpoint;
  readonly query: UpstreamQuery;
  readonly sentAtMs: number;
}

/** Random ids tried before there is none. */
const ID_ATTEMPTS = 8;

/**
 * The node's delegation: one socket for each address family, opened when first needed, whatever the number of
 * questions and servers; each answer is matched by id, sender and question.
 */
export class SharedDelegation implements Delegation {
  private readonly options: DelegationOptions;
  private readonly deps: DelegationDeps;
  private readonly questions: EqualWaits<Question>;
  private readonly sockets = new Map<'udp4' | 'udp6', Socket>();

  constructor(options: DelegationOptions, deps: DelegationDeps) {
    this.options = options;
    this.deps = deps;
    this.questions = new EqualWaits(options.timeoutMs, deps.clock, (_id, { query }) => {
      deps.counters.upstreamTimeouts += 1;
      query.question.onDone(null);
    });
  }

  ask(server: Endpoint, key: string, onDone: (answer: Answer | null) => void): void {
    const id = this.questions.size < this.options.limit ? this.freeId() : null;
    if (id === null) {
      this.deps.counters.shed += 1;
      onDone(null);
      return;
    }
    const sentAtMs = this.deps.clock();
    const question = { key, onDone, tried: 0, slots: [], repeated: false, ednsRefused: false };
    this.questions.add(id, { server, query: { question, sent: key, edns: false, sentAtMs }, sentAtMs });
    const message = Buffer.allocUnsafe(MAX_QUERY_BYTES);
    const length = writeQuery(message, id, key, false);
    // An error in sending is like a lost datagram: the time-out sees to it.
    this.socketFor(server).send(message, 0, length, server.port, server.address, () => undefined);
  }

  structures(): readonly StructureSize[] {
    return [countedStructure(DELEGATION_STRUCTURE, this.questions.size, this.options.limit)];
  }

  close(): void {
    this.questions.close();
    for (const socket of this.sockets.values()) socket.close();
    this.sockets.clear();
  }

  private freeId(): number | null {
    for (let attempt = 0; attempt < ID_ATTEMPTS; attempt += 1) {
      const id = randomInt(0x1_0000);
      if (this.questions.get(id) === undefined) return id;
    }
    return null;
  }

  private socketFor({ address }: Endpoint): Socket {
    const type = isIPv6(address) ? 'udp6' : 'udp4';
    const open = this.sockets.get(type);
    if (open !== undefined) return open;
    const socket = createSocket(type);
    socket.on('error', (error) => this.deps.log.warn('upstream-socket', `name servers: ${error.message}`));
    socket.on('message', (message, remote) => this.onMessage(message, remote));
    this.sockets.set(type, socket);
    return socket;
  }

  private onMessage(message: Buffer, remote: RemoteInfo): void {
    const id = message.length < HEADER_BYTES ? -1 : message.readUInt16BE(0);
    const question = this.questions.get(id);
    const isFromServer = question?.server.port === remote.port && question.server.address === remote.address;
    const reading = question !== undefined && isFromServer ? this.read(message, question) : 'unrelated';
    if (question === undefined || reading === 'unrelated') {
      this.deps.counters.upstreamUnmatched += 1;
      return;
    }
    this.questions.remove(id);
    question.query.question.onDone(typeof reading === 'object' ? reading : null);
  }

  private read(message: Buffer, { query }: Question) {
    try {
      return readResponse(message, query, this.options.ttlCaps);
    } catch (error) {
      noteInternalError(error, this.deps.counters, this.deps.log);
      return 'failure' as const;
    }
  }
}
