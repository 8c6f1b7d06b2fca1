import type { Admission, Held } from '../dns/connection-table.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';
import { INBOUND_STRUCTURE, type InboundPeers } from './inbound-peers.js';

/**
 * ALFIS's inbound connections: every one is taken, since its limit of 15 nodes only keeps it from opening more itself.
 * Those that say nothing are closed after some seconds, any that shakes hands and pings stays: a descriptor each.
 */
export class UnboundedInboundPeers implements InboundPeers {
  readonly limit = null;
  private readonly peers = new Set<Held>();

  admit(connection: Held): Admission {
    this.peers.add(connection);
    return 'admitted';
  }

  remove(connection: Held): void {
    this.peers.delete(connection);
  }

  size(): StructureSize {
    return countedStructure(INBOUND_STRUCTURE, this.peers.size, null);
  }
}
