/** Finds answers as a full resolver does: from the servers of the root down, one zone after the other (RFC 1034 §5.3.3). */
import type { Clock } from '../clock.js';
import { readAddresses } from '../dns/addresses.js';
import type { Answer, TtlCaps } from '../dns/answer.js';
import type { AnswerCache } from '../dns/answer-cache.js';
import { questionKey } from '../dns/name-key.js';
import type { ServerQueries } from '../dns/server-queries.js';
import type { AskResult, Upstream } from '../dns/upstream.js';
import { QUESTION_TAIL_BYTES, TYPE } from '../dns/wire.js';
import type { Endpoint } from '../endpoint.js';
import type { Counters } from '../ops/counters.js';
import { noteInternalError } from '../ops/internal-error.js';
import type { Log } from '../ops/log.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';
import { ServerMemory } from './server-memory.js';
import { readServer, type ServerReading } from './server-reading.js';
import { Work } from './work.js';
import type { ZoneCut } from './zone-cut.js';
import { parentOf, ZoneCuts } from './zone-cuts.js';

/** Settings of the recursion. */
export interface RecursionOptions {
  /** The root and its servers, with addresses. */
  readonly root: ZoneCut;
  /** Where an address is asked: the root's servers have ports of their own, all others the same. */
  readonly endpointOf: (address: string, zone: string) => Endpoint;
  /** Whether an address from a delegation may be asked. */
  readonly isAllowed: (address: string) => boolean;
  /** How long one question may take, all queries together. */
  readonly timeMs: number;
  /** Largest number of questions at the same time. */
  readonly limit: number;
  readonly ttlCaps: TtlCaps;
}

/** What it works with. */
export interface RecursionDeps {
  readonly queries: ServerQueries;
  /** For the addresses of name servers. */
  readonly cache: Pick<AnswerCache, 'lookup' | 'store'>;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly log: Log;
}

/** Delegations followed for one name: each goes a label deeper, and real ones end after five. */
const MAX_DELEGATIONS = 16;
/** Servers of one zone that are asked: whoever could answer is among them. */
const MAX_SERVERS_ASKED = 6;
/** Names of servers resolved for one zone, and how deep that may lead to further names. */
const MAX_NAMES_RESOLVED = 4;
const MAX_NAME_DEPTH = 4;

/** Name under which `/health` lists the datagrams that wait for an answer. */
const QUERIES_STRUCTURE = 'dns-server-queries';

export class Recursion implements Upstream {
  private readonly options: RecursionOptions;
  private readonly deps: RecursionDeps;
  private readonly cuts: ZoneCuts;
  private readonly memory: ServerMemory;
  private open = 0;

  constructor(options: RecursionOptions, deps: RecursionDeps) {
    this.options = options;
    this.deps = deps;
    this.cuts = new ZoneCuts(options.root, deps.clock);
    this.memory = new ServerMemory(deps.clock);
  }

  ask(key: string, onDone: (answer: Answer | null) => void): AskResult {
    if (this.open >= this.options.limit) return 'table-full';
    this.open += 1;
    void this.run(key).then(onDone);
    return 'added';
  }

  structures(): readonly StructureSize[] {
    return [
      countedStructure('dns-recursions', this.open, this.options.limit),
      this.deps.queries.size(QUERIES_STRUCTURE),
      this.cuts.size(),
      this.memory.size(),
    ];
  }

  close(): void {
    this.open = this.options.limit;
  }

  /** An error of ours ends the question, never the service. */
  private async run(key: string): Promise<Answer | null> {
    try {
      return await this.resolve(key, new Work(this.options.timeMs, this.deps.clock), []);
    } catch (error) {
      noteInternalError(error, this.deps.counters, this.deps.log);
      return null;
    } finally {
      this.open -= 1;
    }
  }

  /** `path` are the questions that wait for this one. Null when no server has an answer, or too much would have to be done. */
  private async resolve(key: string, work: Work, path: readonly string[]): Promise<Answer | null> {
    const name = key.slice(0, -QUESTION_TAIL_BYTES);
    const isParents = key.startsWith(questionKey('', TYPE.DS), name.length) && name.length > 1;
    // What a zone's parent says of it (RFC 4035 §3.1.4.1).
    let cut = this.cuts.closest(isParents ? parentOf(name) : name);
    for (let count = 0; count < MAX_DELEGATIONS; count += 1) {
      const reading = await this.askZone(cut, key, work, [...path, key]);
      if (reading === null) {
        this.cuts.remove(cut.zone);
        return null;
      }
      if (reading.kind === 'answer') return reading.answer;
      cut = reading.cut;
      this.cuts.store(cut);
    }
    return null;
  }

  /** Asks the servers of a zone, one after the other, until one is of use. */
  private async askZone(
    cut: ZoneCut,
    key: string,
    work: Work,
    path: readonly string[],
  ): Promise<Exclude<ServerReading, { kind: 'lame' }> | null> {
    const { counters } = this.deps;
    let asked = 0;
    for await (const address of this.addressesOf(cut, work, path)) {
      if (asked >= MAX_SERVERS_ASKED || !work.take()) return null;
      asked += 1;
      const message = await this.query(address, cut.zone, key);
      if (message === null) {
        this.memory.silent(address);
        continue;
      }
      const reading = readServer(message, key, cut.zone, this.options.ttlCaps);
      if (reading.kind !== 'lame') return reading;
      counters.upstreamFailures += 1;
      this.memory.lame(address, cut.zone);
    }
    return null;
  }

  private query(address: string, zone: string, key: string): Promise<Buffer | null> {
    const server = this.options.endpointOf(address, zone);
    return new Promise((resolve) => {
      if (!this.deps.queries.ask({ server, key, recursionDesired: false }, resolve)) resolve(null);
    });
  }

  /** The addresses to ask: those known first, then those of servers whose names have to be resolved. */
  private async *addressesOf({ zone, servers }: ZoneCut, work: Work, path: readonly string[]) {
    const allowed = (addresses: readonly string[]): string[] =>
      this.memory.inOrder(addresses, zone).filter(this.options.isAllowed);
    yield* allowed(servers.flatMap(({ addresses }) => addresses));
    if (path.length > MAX_NAME_DEPTH) return;
    const nameless = servers.filter(({ addresses }) => addresses.length === 0).slice(0, MAX_NAMES_RESOLVED);
    for (const { name } of nameless) {
      for (const type of [TYPE.A, TYPE.AAAA]) {
        const found = await this.findAddresses(questionKey(name, type), work, path);
        yield* allowed(found);
        if (found.length > 0) break;
      }
    }
  }

  /** The addresses of a name server; none when that very question waits for them. */
  private async findAddresses(key: string, work: Work, path: readonly string[]): Promise<readonly string[]> {
    const { cache } = this.deps;
    const cached = cache.lookup(key);
    if (cached !== null) return readAddresses(key, cached.answer);
    if (path.includes(key)) return [];
    const answer = await this.resolve(key, work, path);
    if (answer === null) return [];
    cache.store(key, answer);
    return readAddresses(key, answer);
  }
}
