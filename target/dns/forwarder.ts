import type { Socket } from 'node:dgram';
import type { Clock } from '../clock.js';
import { reasonOf } from '../errors.js';
import type { Counters } from '../ops/counters.js';
import { noteInternalError } from '../ops/internal-error.js';
import type { Log } from '../ops/log.js';
import type { StructureSize } from '../ops/structure.js';
import { type Answer, isTruncated } from './answer.js';
import type { DohExchange } from './doh-exchange.js';
import { EdnsSupport } from './edns-support.js';
import { type ForwarderOptions, formatForwarder } from './forwarder-options.js';
import {
  type AddResult,
  type InFlightTable,
  type InFlightTableFactory,
  newQuestion,
  type UpstreamQuery,
  type UpstreamQuestion,
} from './in-flight.js';
import { createMixCase, KEEP_CASE } from './mixed-case.js';
import { OpenQueries } from './open-queries.js';
import { bitOf, ForwarderPreference, NONE } from './preference.js';
import { slotOf, socketOf } from './slots.js';
import type { StreamExchange } from './stream-exchange.js';
import { askByStream, type SendByStream } from './stream-queries.js';
import type { AskResult, Upstream } from './upstream.js';
import { type Reading, readResponse } from './upstream-message.js';
import { forwarderOf, isUnreachable, openUpstreamSockets } from './upstream-sockets.js';
import { HEADER_BYTES } from './wire.js';

/** What the forwarder works with. */
export interface ForwarderDeps {
  readonly createTable: InFlightTableFactory;
  /** For answers that do not fit a datagram, and forwarders that are asked over TCP only. */
  readonly exchange: StreamExchange;
  /** For those that are asked over HTTPS. */
  readonly doh: DohExchange;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly log: Log;
}

/**
 * Asks other resolvers: one after the other until one answers, and a single one twice if it is slow. Throws `StartError`
 * when its sockets cannot be opened.
 */
export async function openForwarder(options: ForwarderOptions, deps: ForwarderDeps): Promise<Upstream> {
  // The sockets are open a moment before the forwarder is there, and what comes in that moment is nothing it asked for.
  let forwarder: PoolForwarder | null = null;
  const table = deps.createTable((slot, query) => forwarder?.onTimeout(slot, query));
  const sockets = await openUpstreamSockets(options.forwarders, {
    onMessage: (socket, message) => forwarder?.onMessage(socket, message),
    onError: (socket, error) => forwarder?.onError(socket, error),
  }).catch((error: unknown) => {
    table.close();
    throw error;
  });
  forwarder = new PoolForwarder(options, deps, table, sockets);
  return forwarder;
}

/** The forwarder on its open sockets: what it does about each answer, time-out and error. */
class PoolForwarder implements Upstream {
  private readonly options: ForwarderOptions;
  private readonly deps: ForwarderDeps;
  private readonly table: InFlightTable;
  private readonly sockets: ReadonlyMap<number, Socket>;
  private readonly queries: OpenQueries;
  private readonly preference: ForwarderPreference;
  private readonly ednsSupport: EdnsSupport;

  constructor(
    options: ForwarderOptions,
    deps: ForwarderDeps,
    table: InFlightTable,
    sockets: ReadonlyMap<number, Socket>,
  ) {
    const { clock } = deps;
    this.options = options;
    this.deps = deps;
    this.table = table;
    this.sockets = sockets;
    const onSendError = (socket: number, error: Error): void => this.onError(socket, error);
    this.queries = new OpenQueries(
      { timeoutMs: options.timeoutMs, repeats: options.forwarders.length === 1 },
      { sockets, table, clock, onSendError, mixCase: options.mixesCase ? createMixCase() : KEEP_CASE },
    );
    this.preference = new ForwarderPreference(options.forwarders.length, clock);
    this.ednsSupport = new EdnsSupport(options.forwarders.length, clock);
  }

  ask(key: string, onDone: (answer: Answer | null) => void): AskResult {
    const first = this.preference.next(0);
    if (first === NONE) return 'no-forwarder';
    const result = this.send(newQuestion(key, onDone), first);
    if (result === 'added') this.tryDemoted(key);
    return result;
  }

  structures(): readonly StructureSize[] {
    return this.queries.structures();
  }

  close(): void {
    this.table.close();
    this.queries.close();
    for (const socket of this.sockets.values()) socket.close();
  }

  onTimeout(slot: number, { question }: UpstreamQuery): void {
    this.deps.counters.upstreamTimeouts += 1;
    this.noteMiss(forwarderOf(socketOf(slot)));
    this.queries.release(question, slot);
    this.askNext(question);
  }

  /** The questions that wait on this socket wait in vain if nobody is there: they go on to the next forwarder at once. */
  onError(socket: number, error: Error): void {
    const { counters, log } = this.deps;
    log.warn('upstream-socket', `forwarder ${this.nameOf(forwarderOf(socket))}: ${reasonOf(error)}`);
    if (!isUnreachable(error)) return;
    this.noteMiss(forwarderOf(socket));
    for (const question of this.queries.questionsOn(socket)) {
      counters.upstreamFailures += 1;
      this.queries.release(question, null);
      this.askNext(question);
    }
  }

  onMessage(socket: number, message: Buffer): void {
    const slot = message.length < HEADER_BYTES ? -1 : slotOf(socket, message.readUInt16BE(0));
    const query = this.table.get(slot);
    const reading = query === undefined ? 'unrelated' : this.read(message, query);
    if (query === undefined || reading === 'unrelated') {
      this.deps.counters.upstreamUnmatched += 1;
      return;
    }
    const forwarder = forwarderOf(socket);
    this.queries.release(query.question, null);
    if (reading === 'case-mismatch') {
      // Forged, or from a server that does not repeat letters as they were: over TCP nobody can forge the answer.
      this.deps.counters.upstreamCaseMismatches += 1;
      if (this.askByStream(query.question, forwarder, query.edns) !== 'added') this.shed(query.question);
      return;
    }
    this.preference.answered(forwarder);
    this.conclude(query, forwarder, reading);
  }

  private conclude(
    query: UpstreamQuery,
    forwarder: number,
    reading: Answer | 'edns-refused' | 'failure',
  ): void {
    const { question } = query;
    if (reading === 'edns-refused') {
      question.ednsRefused = true;
      if (this.transmit(question, forwarder, false) === 'added') return;
    }
    if (reading === 'edns-refused' || reading === 'failure') {
      this.deps.counters.upstreamFailures += 1;
      this.askNext(question);
      return;
    }
    if (question.ednsRefused && !query.edns) this.ednsSupport.noteRefused(forwarder);
    if (!isTruncated(reading)) question.onDone(reading);
    else if (this.askByStream(question, forwarder, query.edns) !== 'added') this.shed(question);
  }

  /** Sends the question to a forwarder that was not asked yet, with an OPT record unless that one refuses it. */
  private send(question: UpstreamQuestion, forwarder: number): AddResult {
    question.tried |= bitOf(forwarder);
    question.ednsRefused = false;
    return this.transmit(question, forwarder, this.ednsSupport.isOffered(forwarder));
  }

  private transmit(question: UpstreamQuestion, forwarder: number, edns: boolean): AddResult {
    return this.options.forwarders[forwarder]?.transport === 'udp'
      ? this.queries.send(question, forwarder, edns)
      : this.askByStream(question, forwarder, edns);
  }

  private askByStream(question: UpstreamQuestion, forwarder: number, edns: boolean): AddResult {
    const { exchange, doh, clock, counters } = this.deps;
    const server = this.options.forwarders[forwarder];
    if (server === undefined) return 'table-full';
    const query: UpstreamQuery = { question, sent: question.key, edns, sentAtMs: clock() };
    const send: SendByStream = (message, onResponse) =>
      server.transport === 'doh'
        ? doh.ask(server.url, message, onResponse)
        : exchange.ask(server, message, onResponse);
    return askByStream(send, query, this.options.ttlCaps, (reading) => {
      if (reading === null) {
        counters.upstreamTimeouts += 1;
        this.noteMiss(forwarder);
        this.askNext(question);
        return;
      }
      this.preference.answered(forwarder);
      // What is no answer to the question, or cut short even here, is of no use.
      const isUseless =
        reading === 'unrelated' ||
        reading === 'case-mismatch' ||
        (typeof reading === 'object' && isTruncated(reading));
      this.conclude(query, forwarder, isUseless ? 'failure' : reading);
    });
  }

  /** Gives up on a question for which there is no connection left. */
  private shed(question: UpstreamQuestion): void {
    this.deps.counters.shed += 1;
    this.deps.log.warn('queries-full', 'no room for another query upstream, answering SERVFAIL');
    question.onDone(null);
  }

  /** After a failure: the next forwarder, or the end when all were asked. */
  private askNext(question: UpstreamQuestion): void {
    const next = this.preference.next(question.tried);
    if (next === NONE || this.send(question, next) !== 'added') question.onDone(null);
  }

  /** Sends the question to a demoted forwarder as well, whose answer nobody waits for: no client pays for the trial. */
  private tryDemoted(key: string): void {
    const demoted = this.preference.takeTrial();
    if (demoted !== NONE) this.send({ ...newQuestion(key, () => undefined), tried: ALL }, demoted);
  }

  private noteMiss(forwarder: number): void {
    if (!this.preference.missed(forwarder) || this.options.forwarders.length === 1) return;
    this.deps.log.warn('forwarder', `forwarder ${this.nameOf(forwarder)} does not answer, asking it last`);
  }

  private nameOf(forwarder: number): string {
    const address = this.options.forwarders[forwarder];
    return address === undefined ? `number ${forwarder}` : formatForwarder(address);
  }

  /** A response that trips an error of ours counts as unusable: the question goes on to the next forwarder. */
  private read(message: Buffer, query: UpstreamQuery): Reading {
    try {
      return readResponse(message, query, this.options.ttlCaps);
    } catch (error) {
      noteInternalError(error, this.deps.counters, this.deps.log);
      return 'failure';
    }
  }
}

/** The set of all forwarders, see `bitOf`. */
const ALL = -1;
