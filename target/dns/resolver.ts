import type { Clock } from '../clock.js';
import type { Counters } from '../ops/counters.js';
import { noteInternalError } from '../ops/internal-error.js';
import type { Log, LogTopic } from '../ops/log.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';
import type { Answer } from './answer.js';
import { type AnswerCache, ageSec } from './answer-cache.js';
import type { Forwarder } from './forwarder.js';
import type { Query } from './query.js';
import { FLAG, RCODE } from './wire.js';

/** Somebody who waits for the answer to one query; each transport has its own. One of the two methods is called, once. */
export interface Client {
  readonly query: Query;
  /** Takes the answer, stored `ageSec` seconds ago. */
  reply(answer: Answer, ageSec: number): void;
  /** Takes an error instead. */
  fail(rcode: number): void;
}

/** Finds answers: in the cache, with an equal question already in flight, or upstream. */
export interface Resolver {
  resolve(client: Client): void;
  structures(): readonly StructureSize[];
}

/** Settings of the resolver. */
export interface ResolverOptions {
  /**
   * Largest number of questions being asked, and of clients that wait for a question somebody else asked first.
   * Beyond it a query is answered SERVFAIL at once.
   */
  readonly maxInFlight: number;
}

/** What the resolver works with. */
export interface ResolverDeps {
  readonly cache: AnswerCache;
  readonly forwarder: Forwarder;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly log: Log;
}

/** A resolver that asks each question upstream once, however many clients want it (singleflight). */
export function createResolver(options: ResolverOptions, deps: ResolverDeps): Resolver {
  const { maxInFlight } = options;
  const { cache, forwarder, clock, counters, log } = deps;
  const waiting = new Map<string, Client[]>();
  let joinedClients = 0;

  function finish(key: string, clients: readonly Client[], answer: Answer | null): void {
    waiting.delete(key);
    joinedClients -= clients.length - 1;
    if (answer !== null) cache.store(key, answer);
    for (const client of clients) {
      try {
        if (answer === null) client.fail(RCODE.servFail);
        else client.reply(answer, 0);
      } catch (error) {
        noteInternalError(error, counters, log);
      }
    }
  }

  /** Answers SERVFAIL at once because a bound was reached. */
  function shed(client: Client, topic: LogTopic, reason: string): void {
    counters.shed += 1;
    log.warn(topic, `${reason}, answering SERVFAIL`);
    client.fail(RCODE.servFail);
  }

  function ask(client: Client): void {
    if (waiting.size >= maxInFlight) {
      shed(client, 'questions-full', `${maxInFlight} questions in flight`);
      return;
    }
    const { key } = client.query;
    const clients = [client];
    const result = forwarder.ask(key, (answer) => finish(key, clients, answer));
    if (result === 'added') {
      waiting.set(key, clients);
    } else if (result === 'no-forwarder') {
      client.fail(RCODE.servFail);
    } else {
      const isFull = result === 'table-full';
      shed(client, 'queries-full', isFull ? 'no room for another query upstream' : 'no message id is free');
    }
  }

  function join(client: Client, clients: Client[]): void {
    if (joinedClients >= maxInFlight) {
      shed(client, 'clients-full', `${maxInFlight} clients wait for questions of others`);
      return;
    }
    counters.joined += 1;
    joinedClients += 1;
    clients.push(client);
  }

  return {
    resolve: (client) => {
      const { key, flags } = client.query;
      const cached = cache.lookup(key);
      if (cached !== null) {
        counters.cacheHits += 1;
        client.reply(cached.answer, ageSec(cached, clock()));
        return;
      }
      counters.cacheMisses += 1;
      if ((flags & FLAG.recursionDesired) === 0) {
        // RFC 1035 §4.1.1: without RD nobody else may be asked.
        counters.rejected += 1;
        client.fail(RCODE.refused);
        return;
      }
      const clients = waiting.get(key);
      if (clients === undefined) ask(client);
      else join(client, clients);
    },
    structures: () => [
      cache.size(),
      ...forwarder.structures(),
      countedStructure('dns-questions', waiting.size, maxInFlight),
      countedStructure('dns-waiting-clients', joinedClients, maxInFlight),
    ],
  };
}
