import { countedStructure, type StructureSize } from '../ops/structure.js';
import { DohPool, type DohPoolDeps, type DohPoolOptions } from './doh-pool.js';

/** Settings of the exchange. */
export interface DohExchangeOptions extends DohPoolOptions {
  /** Largest number of questions that were not answered yet, those that wait for a connection included. */
  readonly maxRequests: number;
}

/** Asks resolvers over HTTPS: questions and connections bounded in number, and each question in time as a whole. */
export class DohExchange {
  private readonly options: DohExchangeOptions;
  private readonly deps: DohPoolDeps;
  /** By URL; as many as the configuration names. */
  private readonly pools = new Map<string, DohPool>();

  constructor(options: DohExchangeOptions, deps: DohPoolDeps) {
    this.options = options;
    this.deps = deps;
  }

  /** As `StreamExchange.ask`, with the URL of a resolver for the server. */
  ask(url: string, message: Buffer, onDone: (response: Buffer | null) => void): boolean {
    if (this.sum(({ size }) => size) >= this.options.maxRequests) return false;
    const pool = this.pools.get(url) ?? new DohPool(url, this.options, this.deps);
    this.pools.set(url, pool);
    pool.ask(message, onDone);
    return true;
  }

  structures(): readonly StructureSize[] {
    const { maxRequests, maxConnections } = this.options;
    const most = maxConnections * Math.max(1, this.pools.size);
    return [
      countedStructure(
        'doh-upstream-requests',
        this.sum(({ size }) => size),
        maxRequests,
      ),
      countedStructure(
        'doh-upstream-connections',
        this.sum(({ connections }) => connections),
        most,
      ),
    ];
  }

  /** Ends every request, telling nobody, and closes every connection. */
  close(): void {
    for (const pool of this.pools.values()) pool.close();
    this.pools.clear();
  }

  private sum(read: (pool: DohPool) => number): number {
    let sum = 0;
    for (const pool of this.pools.values()) sum += read(pool);
    return sum;
  }
}
