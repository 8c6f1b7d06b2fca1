import type { Endpoint } from '../endpoint.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';
import { NEW_PEERS_STRUCTURE, type NewPeers } from './new-peers.js';

/**
 * ALFIS's list of addresses before any fix: whatever any peer tells of is added, after a look through the whole list
 * for its IP address, so that the time for one message grows with all that came before. One address leaves at each
 * dial, and at fifteen connections there are no dials. Measured on Node 20, about 90 bytes of live heap for each.
 */
export class UnboundedNewPeers implements NewPeers {
  readonly mostAtOnce = Number.POSITIVE_INFINITY;
  private readonly addresses: Endpoint[] = [];

  offer(addresses: readonly Endpoint[]): void {
    for (const told of addresses) {
      if (!this.addresses.some(({ address }) => address === told.address)) this.addresses.push(told);
    }
  }

  take(): Endpoint | null {
    this.addresses.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : a.port - b.port));
    return this.addresses.shift() ?? null;
  }

  size(): StructureSize {
    return countedStructure(NEW_PEERS_STRUCTURE, this.addresses.length, null);
  }
}
