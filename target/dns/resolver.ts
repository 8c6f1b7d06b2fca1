import type { Clock } from '../clock.js';
import type { Counters } from '../ops/counters.js';
import { noteInternalError } from '../ops/internal-error.js';
import type { Log, LogTopic } from '../ops/log.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';
import type { Answer } from './answer.js';
import { type AnswerCache, ageSec } from './answer-cache.js';
import { EqualWaits } from './equal-waits.js';
import { FailureMemory } from './failure-memory.js';
import type { Query } from './query.js';
import type { Upstream } from './upstream.js';
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
  /** Releases its timer and forgets the clients that wait. */
  close(): void;
}

/** Settings of the resolver. */
export interface ResolverOptions {
  /**
   * Largest number of questions being asked, and of clients that wait for a question somebody else asked first. Beyond
   * it the former wait for room; of the latter, one too many is answered SERVFAIL at once.
   */
  readonly maxInFlight: number;
  /** Largest number of clients that wait for room; the one that waits longest gives way, answered SERVFAIL. */
  readonly maxQueued: number;
  /** After so long without room a client is answered SERVFAIL: most have given up by then, or will ask again. */
  readonly maxQueuedMs: number;
  /** For so long a question that could not be answered is answered SERVFAIL without being asked. */
  readonly failureTtlMs: number;
}

/** What the resolver works with. */
export interface ResolverDeps {
  readonly cache: AnswerCache;
  readonly upstream: Upstream;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly log: Log;
}

/** A client whose question has no room yet. */
interface QueuedClient {
  readonly client: Client;
  readonly sentAtMs: number;
}

/** A resolver that asks each question upstream once, however many clients want it (singleflight). */
export function createResolver(options: ResolverOptions, deps: ResolverDeps): Resolver {
  const { maxInFlight, maxQueued, maxQueuedMs, failureTtlMs } = options;
  const { cache, upstream, clock, counters, log } = deps;
  const waiting = new Map<string, Client[]>();
  let joinedClients = 0;
  // Taken in order of arrival: whoever finds room serves as well as they can those that came first.
  const queue = new EqualWaits<QueuedClient>(maxQueuedMs, clock, (_number, { client }) => shedQueued(client));
  let lastQueued = 0;
  const failures = new FailureMemory(failureTtlMs, clock);

  function finish(key: string, clients: readonly Client[], answer: Answer | null): void {
    waiting.delete(key);
    joinedClients -= clients.length - 1;
    if (answer === null) failures.add(key);
    else cache.store(key, answer);
    for (const client of clients) {
      try {
        if (answer === null) client.fail(RCODE.servFail);
        else client.reply(answer, 0);
      } catch (error) {
        noteInternalError(error, counters, log);
      }
    }
    admitQueued();
  }

  function admitQueued(): void {
    while (waiting.size < maxInFlight) {
      const next = queue.takeFirst();
      if (next === null) return;
      resolve(next.client);
    }
  }

  function enqueue(client: Client): void {
    if (queue.size >= maxQueued) {
      const oldest = maxQueued === 0 ? null : queue.takeFirst();
      if (oldest === null) {
        shedQueued(client);
        return;
      }
      shedQueued(oldest.client);
    }
    lastQueued += 1;
    queue.add(lastQueued, { client, sentAtMs: clock() });
  }

  function shedQueued(client: Client): void {
    shed(client, 'questions-full', `${maxInFlight} questions in flight`);
  }

  /** Answers SERVFAIL at once because a bound was reached. */
  function shed(client: Client, topic: LogTopic, reason: string): void {
    counters.shed += 1;
    log.warn(topic, `${reason}, answering SERVFAIL`);
    client.fail(RCODE.servFail);
  }

  function ask(client: Client): void {
    if (waiting.size >= maxInFlight) {
      enqueue(client);
      return;
    }
    const { key } = client.query;
    const clients = [client];
    const result = upstream.ask(key, (answer) => finish(key, clients, answer));
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

  function resolve(client: Client): void {
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
    if (failures.has(key)) {
      counters.failureHits += 1;
      client.fail(RCODE.servFail);
      return;
    }
    const clients = waiting.get(key);
    if (clients === undefined) ask(client);
    else join(client, clients);
  }

  return {
    resolve,
    structures: () => [
      ...cache.structures(),
      ...upstream.structures(),
      countedStructure('dns-questions', waiting.size, maxInFlight),
      countedStructure('dns-waiting-clients', joinedClients, maxInFlight),
      countedStructure('dns-query-queue', queue.size, maxQueued),
      failures.size(),
    ],
    close: () => queue.close(),
  };
}
