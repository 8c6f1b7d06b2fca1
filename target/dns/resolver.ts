import type { Clock } from '../clock.js';
import type { Counters } from '../ops/counters.js';
import { noteInternalError } from '../ops/internal-error.js';
import type { Log } from '../ops/log.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';
import type { Answer } from './answer.js';
import { type AnswerCache, ageSec } from './answer-cache.js';
import type { Forwarder } from './forwarder.js';
import type { Query } from './query.js';
import { RCODE } from './wire.js';

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

  function shed(client: Client): void {
    counters.shed += 1;
    log.warn('shed', `${options.maxInFlight} questions in flight, answering SERVFAIL to more`);
    client.fail(RCODE.servFail);
  }

  function ask(client: Client): void {
    const { key } = client.query;
    const clients = [client];
    if (forwarder.ask(key, (answer) => finish(key, clients, answer))) waiting.set(key, clients);
    else shed(client);
  }

  return {
    resolve: (client) => {
      const { key } = client.query;
      const cached = cache.lookup(key);
      if (cached !== null) {
        counters.cacheHits += 1;
        client.reply(cached.answer, ageSec(cached, clock()));
        return;
      }
      counters.cacheMisses += 1;
      const clients = waiting.get(key);
      if (clients === undefined) {
        ask(client);
      } else if (joinedClients < options.maxInFlight) {
        counters.joined += 1;
        joinedClients += 1;
        clients.push(client);
      } else {
        shed(client);
      }
    },
    structures: () => [
      cache.size(),
      forwarder.size(),
      countedStructure('dns-questions', waiting.size, options.maxInFlight),
      countedStructure('dns-waiting-clients', joinedClients, options.maxInFlight),
    ],
  };
}
