import { type Answer, readAnswer, type TtlCaps } from '../dns/answer.js';
import { ServerQueries, type ServerQueriesDeps } from '../dns/server-queries.js';
import { RCODE, RCODE_MASK } from '../dns/wire.js';
import type { Endpoint } from '../endpoint.js';
import { noteInternalError } from '../ops/internal-error.js';
import type { StructureSize } from '../ops/structure.js';
import { DELEGATION_STRUCTURE, type Delegation } from './delegation.js';

/** Settings of the delegation. */
export interface DelegationOptions {
  readonly timeoutMs: number;
  /** Largest number of questions that wait for an answer. */
  readonly limit: number;
  readonly mixesCase: boolean;
  readonly ttlCaps: TtlCaps;
}

/** What it works with. */
export type DelegationDeps = ServerQueriesDeps;

/** The node's delegation: a few sockets, whatever the number of questions and servers. */
export class SharedDelegation implements Delegation {
  private readonly ttlCaps: TtlCaps;
  private readonly deps: DelegationDeps;
  private readonly queries: ServerQueries;

  constructor(options: DelegationOptions, deps: DelegationDeps) {
    this.ttlCaps = options.ttlCaps;
    this.deps = deps;
    this.queries = new ServerQueries(options, deps);
  }

  ask(server: Endpoint, key: string, onDone: (answer: Answer | null) => void): void {
    const isAsked = this.queries.ask({ server, key, recursionDesired: true }, (response) =>
      onDone(response === null ? null : this.read(response, key)),
    );
    if (isAsked) return;
    this.deps.counters.shed += 1;
    onDone(null);
  }

  structures(): readonly StructureSize[] {
    return [this.queries.size(DELEGATION_STRUCTURE)];
  }

  close(): void {
    this.queries.close();
  }

  private read(message: Buffer, key: string): Answer | null {
    const rcode = message.readUInt16BE(2) & RCODE_MASK;
    if (rcode !== RCODE.noError && rcode !== RCODE.nxDomain) return null;
    try {
      return readAnswer(message, key, this.ttlCaps);
    } catch (error) {
      noteInternalError(error, this.deps.counters, this.deps.log);
      return null;
    }
  }
}
