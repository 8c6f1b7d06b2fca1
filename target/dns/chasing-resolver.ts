import { isOpenChain, openTargets } from './alias-targets.js';
import { type Answer, ageRecord } from './answer.js';
import type { AnswerCache } from './answer-cache.js';
import { type ChaseResult, type ChaseResults, chase } from './chase.js';
import { readLowerName } from './name.js';
import { typeOf } from './name-key.js';
import type { Query } from './query.js';
import type { Client, Resolver } from './resolver.js';
import { type SplitRecord, splitRecords, splitSections } from './split-records.js';
import {
  FLAG,
  HEADER_BYTES,
  MAX_MESSAGE_BYTES,
  OPT_BYTES,
  QUESTION_TAIL_BYTES,
  RCODE,
  TYPE,
} from './wire.js';

/** What the chasing works with. */
export interface ChasingDeps {
  readonly resolver: Pick<Resolver, 'resolve'>;
  readonly cache: Pick<AnswerCache, 'store'>;
  readonly createResults: () => ChaseResults;
}

/**
 * A resolver that completes what the upstream left open: where an answer ends in an alias (CNAME), it asks for the
 * target too, through the same cache and the same limits as any query, and answers with the whole chain. To the
 * services that SRV records name it adds their addresses.
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
    if (openTargets(key, answer).length === 0) {
      this.client.reply(answer, ageSec);
      return;
    }
    const results = this.deps.createResults();
    chase(
      { key, answer, ageSec },
      results,
      (target, onDone) => this.deps.resolver.resolve(new ChaseStep(target, onDone)),
      () => this.finish(results.all),
    );
  }

  private finish(results: readonly ChaseResult[]): void {
    const { key } = this.query;
    const [first] = results;
    if (first === undefined || results.length === 1) {
      // No target could be had: nothing is known of an alias, and a service is named all the same.
      if (first === undefined || isOpenChain(first.answer)) this.client.fail(RCODE.servFail);
      else this.client.reply(first.answer, first.ageSec);
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
  private readonly onDone: (result: ChaseResult | null) => void;

  constructor(key: string, onDone: (result: ChaseResult | null) => void) {
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

  reply(answer: Answer, ageSec: number): void {
    this.onDone({ key: this.query.key, answer, ageSec });
  }

  fail(): void {
    this.onDone(null);
  }
}

/**
 * One answer of all records, each once, as many as a message takes: those of the type asked for and their aliases, then
 * the addresses of services.
 */
function joined(key: string, results: readonly ChaseResult[]): Answer {
  const type = typeOf(key);
  const room = MAX_MESSAGE_BYTES - HEADER_BYTES - key.length - OPT_BYTES;
  const seen = new Set<string>();
  const [answers, additionals]: [SplitRecord[], SplitRecord[]] = [[], []];
  let length = 0;
  for (const result of results) {
    for (const fresh of splitRecords(result.key, result.answer, 'owner-in-full')) {
      const record = aged(fresh, result.ageSec);
      if (seen.has(record.withoutTtl) || length + record.bytes.length > room) continue;
      seen.add(record.withoutTtl);
      length += record.bytes.length;
      (typeOf(result.key) === type ? answers : additionals).push(record);
    }
  }
  const names = new Set(results.map((result) => result.key.slice(0, -QUESTION_TAIL_BYTES)));
  // A DNAME above the names only made the aliases.
  const hasType = answers.some(
    (record) => record.type === type && (type !== TYPE.DNAME || names.has(ownerOf(record))),
  );
  const soas = hasType ? [] : soasOf(results.at(-1));
  const all = [...answers, ...soas, ...additionals];
  return {
    rcode: hasType ? RCODE.noError : (results.at(-1)?.answer.rcode ?? RCODE.noError),
    answerCount: answers.length,
    authorityCount: soas.length,
    additionalCount: additionals.length,
    neededCount: answers.length + soas.length,
    records: all.map(({ bytes }) => bytes).join(''),
    ttlSec: hasType || soas.length > 0 ? Math.min(...all.map(({ ttlSec }) => ttlSec)) : 0,
  };
}

/** The owner of a record that stands by itself. */
function ownerOf({ bytes }: SplitRecord): string {
  return readLowerName(Buffer.from(bytes, 'latin1'), 0);
}

/** What says that the end of the chain does not exist, and for how long that may be believed (RFC 2308 §2.1). */
function soasOf(last: ChaseResult | undefined): readonly SplitRecord[] {
  if (last === undefined) return [];
  const { authorities } = splitSections(last.key, last.answer, 'owner-in-full');
  return authorities.filter(({ type }) => type === TYPE.SOA).map((record) => aged(record, last.ageSec));
}

/** The record with what is left of its TTL. */
function aged(record: SplitRecord, ageSec: number): SplitRecord {
  if (ageSec === 0) return record;
  const bytes = Buffer.from(record.bytes, 'latin1');
  ageRecord(bytes, 0, bytes.length, ageSec);
  return { ...record, bytes: bytes.toString('latin1'), ttlSec: Math.max(0, record.ttlSec - ageSec) };
}
