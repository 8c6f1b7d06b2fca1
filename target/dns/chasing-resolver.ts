import { isOpenChain, openTargets } from './alias-targets.js';
import type { Answer } from './answer.js';
import type { AnswerCache } from './answer-cache.js';
import { type ChaseResult, type ChaseResults, chase } from './chase.js';
import type { Query } from './query.js';
import type { Client, Resolver } from './resolver.js';
import { splitRecords } from './split-records.js';
import { FLAG, HEADER_BYTES, MAX_MESSAGE_BYTES, OPT_BYTES, QUESTION_TAIL_BYTES, RCODE } from './wire.js';

/** What the chasing works with. */
export interface ChasingDeps {
  readonly resolver: Pick<Resolver, 'resolve'>;
  readonly cache: Pick<AnswerCache, 'store'>;
  readonly createResults: () => ChaseResults;
}

/**
 * A resolver that completes what the upstream left open: where an answer ends in an alias (CNAME), it asks for the
 * target too, through the same cache and the same limits as any query, and answers with the whole chain.
 */
export function createChasingResolver(deps: ChasingDeps): Pick<Resolver, 'resolve'> {
  return { resolve: (client) => deps.resolver.resolve(new ChasingClient(client, deps)) };
}

class ChasingClient implements Client {
  readonly query: Query;
  private readonly client: Client;
  private readonly deps: ChasingDeps;

  constructor(client: Client, deps: ChasingDeps) {
    this.query = client.query;
    this.client = client;
    this.deps = deps;
  }

  fail(rcode: number): void {
    this.client.fail(rcode);
  }

  reply(answer: Answer, ageSec: number): void {
    const { key } = this.query;
    if (!isOpenChain(answer) || openTargets(key, answer).length === 0) {
      this.client.reply(answer, ageSec);
      return;
    }
    const results = this.deps.createResults();
    const tail = key.slice(-QUESTION_TAIL_BYTES);
    chase(
      { key, answer },
      results,
      (name, onDone) => this.deps.resolver.resolve(new ChaseStep(name + tail, onDone)),
      () => this.finish(results.all),
    );
  }

  private finish(results: readonly ChaseResult[]): void {
    const { key } = this.query;
    const last = results.at(-1);
    // Nothing but the answer that was there at first: no target could be had.
    if (last === undefined || results.length === 1) {
      this.client.fail(RCODE.servFail);
      return;
    }
    const answer = joined(key, results);
    this.deps.cache.store(key, answer);
    this.client.reply(answer, 0);
  }
}

/** The question for the target of an alias, asked on behalf of a client. */
class ChaseStep implements Client {
  readonly query: Query;
  private readonly onDone: (key: string, answer: Answer | null) => void;

  constructor(key: string, onDone: (key: string, answer: Answer | null) => void) {
    const flags = FLAG.recursionDesired;
    this.query = {
      kind: 'query',
      id: 0,
      flags,
      question: key,
      edns: false,
      maxBytes: MAX_MESSAGE_BYTES,
      key,
    };
    this.onDone = onDone;
  }

  reply(answer: Answer): void {
    this.onDone(this.query.key, answer);
  }

  fail(): void {
    this.onDone(this.query.key, null);
  }
}

/** One answer of all records, each once, as many as a message takes. */
function joined(key: string, results: readonly ChaseResult[]): Answer {
  const room = MAX_MESSAGE_BYTES - HEADER_BYTES - key.length - OPT_BYTES;
  const type = key.charCodeAt(key.length - QUESTION_TAIL_BYTES) * 256 + key.charCodeAt(key.length - 3);
  const seen = new Set<string>();
  let records = '';
  let ttlSec = Number.POSITIVE_INFINITY;
  let hasType = false;
  for (const result of results) {
    for (const record of splitRecords(result.key, result.answer, 'owner-in-full')) {
      if (seen.has(record.withoutTtl) || records.length + record.bytes.length > room) continue;
      seen.add(record.withoutTtl);
      records += record.bytes;
      ttlSec = Math.min(ttlSec, record.ttlSec);
      hasType ||= record.type === type;
    }
  }
  const rcode = hasType ? RCODE.noError : (results.at(-1)?.answer.rcode ?? RCODE.noError);
  const count = seen.size;
  // Without a record of the type asked for it is a negative answer, whose SOA stayed behind: not to be cached.
  return {
    rcode,
    answerCount: count,
    authorityCount: 0,
    neededCount: count,
    records,
    ttlSec: hasType ? ttlSec : 0,
  };
}
