import { countedStructure, type StructureSize } from '../ops/structure.js';
import type { Answer } from './answer.js';
import type { Query } from './query.js';
import type { Client, Resolver } from './resolver.js';

/**
 * The UDP side of seed 000's resolver: a fixed number of workers, each busy with one query until it is answered, fed
 * from a queue without any limit. While the upstream is slow or dead it grows by what arrives, and after that every
 * query waits behind all the older ones, whose clients are long gone. Measured on Node 20: about 430 bytes of live
 * heap for a queued query.
 */
export class UnboundedWorkerQueue implements Pick<Resolver, 'resolve'> {
  private readonly resolver: Pick<Resolver, 'resolve'>;
  private idleWorkers: number;
  /** Those that came last, in order; moved to the other list when that one is empty. */
  private arrived: Client[] = [];
  /** Those that came first, the oldest at the end. */
  private next: Client[] = [];

  constructor(workers: number, resolver: Pick<Resolver, 'resolve'>) {
    this.idleWorkers = workers;
    this.resolver = resolver;
  }

  resolve(client: Client): void {
    this.arrived.push(client);
    this.work();
  }

  structures(): readonly StructureSize[] {
    return [countedStructure('dns-udp-queue', this.arrived.length + this.next.length, null)];
  }

  /** Forgets what waits. */
  close(): void {
    this.arrived = [];
    this.next = [];
  }

  private work(): void {
    while (this.idleWorkers > 0) {
      const client = this.take();
      if (client === undefined) return;
      this.idleWorkers -= 1;
      this.resolver.resolve(new WorkerClient(client, () => this.onDone()));
    }
  }

  private onDone(): void {
    this.idleWorkers += 1;
    this.work();
  }

  private take(): Client | undefined {
    if (this.next.length === 0) {
      this.next = this.arrived.reverse();
      this.arrived = [];
    }
    return this.next.pop();
  }
}

/** A client whose answer frees a worker. */
class WorkerClient implements Client {
  private readonly client: Client;
  private readonly onDone: () => void;

  constructor(client: Client, onDone: () => void) {
    this.client = client;
    this.onDone = onDone;
  }

  get query(): Query {
    return this.client.query;
  }

  reply(answer: Answer, ageSec: number): void {
    this.client.reply(answer, ageSec);
    this.onDone();
  }

  fail(rcode: number): void {
    this.client.fail(rcode);
    this.onDone();
  }
}
