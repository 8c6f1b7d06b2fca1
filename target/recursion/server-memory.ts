import type { Clock } from '../clock.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';

/** Servers, and servers of a zone, that are remembered at most: some 3 MB. */
const MAX_ENTRIES = 10_000;
/** How long a server that did not answer, or not for the zone, is asked after the others. */
const AVOIDED_MS = 60_000;

/** Which name servers were of no use a moment ago, so that they are asked last. */
export class ServerMemory {
  private readonly clock: Clock;
  /** By address, or address and zone, in order of their noting. */
  private readonly avoidedUntilMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Notes that the server did not answer. */
  silent(address: string): void {
    this.avoid(address);
  }

  /** Notes that the server does not answer for this zone. */
  lame(address: string, zone: string): void {
    this.avoid(`${address} ${zone}`);
  }

  /** The addresses in the order in which to ask: at random, those to be avoided behind the others. */
  inOrder(addresses: readonly string[], zone: string): string[] {
    const now = this.clock();
    const rank = (address: string): number => {
      const isAvoided = [address, `${address} ${zone}`].some(
        (key) => now < (this.avoidedUntilMs.get(key) ?? 0),
      );
      return (isAvoided ? 1 : 0) + Math.random();
    };
    return addresses
      .map((address) => ({ address, rank: rank(address) }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ address }) => address);
  }

  size(): StructureSize {
    return countedStructure('dns-avoided-servers', this.avoidedUntilMs.size, MAX_ENTRIES);
  }

  private avoid(key: string): void {
    this.avoidedUntilMs.delete(key);
    this.avoidedUntilMs.set(key, this.clock() + AVOIDED_MS);
    if (this.avoidedUntilMs.size <= MAX_ENTRIES) return;
    for (const oldest of this.avoidedUntilMs.keys()) {
      this.avoidedUntilMs.delete(oldest);
      return;
    }
  }
}
