import {
  type Admission,
  type ConnectionLimits,
  ConnectionTable,
  type Held,
} from '../dns/connection-table.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';

/** Connections that others opened. */
export interface InboundPeers {
  /** Enters a connection unless it is refused. */
  admit(connection: Held): Admission;
  remove(connection: Held): void;
  /** As many connections may be open; null where nothing says so. */
  readonly limit: number | null;
  size(): StructureSize;
}

/** Name under which `/health` lists them, whichever implementation is in use. */
export const INBOUND_STRUCTURE = 'inbound_peers';

/**
 * The node's inbound connections, bounded in total and for each address. One that has shaken hands stays; when there is
 * no room, one that has not makes room for a newcomer.
 */
export class BoundedInboundPeers implements InboundPeers {
  readonly limit: number;
  private readonly table: ConnectionTable<Held>;

  constructor(limits: ConnectionLimits) {
    this.limit = limits.total;
    this.table = new ConnectionTable(limits);
  }

  admit(connection: Held): Admission {
    return this.table.admit(connection);
  }

  remove(connection: Held): void {
    this.table.remove(connection);
  }

  size(): StructureSize {
    return countedStructure(INBOUND_STRUCTURE, this.table.size, this.limit);
  }
}
