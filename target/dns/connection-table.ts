/** A connection as the table needs to know it. */
export interface Held {
  /** The client's address. */
  readonly address: string;
  /** Queries that wait for their answer. */
  readonly openQueries: number;
  /** Complete queries so far. */
  readonly queryCount: number;
  /** Closes the connection at once. */
  destroy(): void;
}

/** Bounds on connections. */
export interface ConnectionLimits {
  readonly total: number;
  /** For one client address. */
  readonly perAddress: number;
}

/** What came of a new connection. */
export type Admission = 'admitted' | 'admitted-for-another' | 'refused';

/**
 * The open connections of one server, bounded in total and per address. When there is no room, the connection that
 * has been quiet longest makes room for the newcomer, one that never asked anything before one that did: clients
 * that connect and say nothing cannot keep out those that ask. Only when every connection waits for an answer is the
 * newcomer turned away.
 */
export class ConnectionTable<Connection extends Held> {
  private readonly limits: ConnectionLimits;
  /** In order of their last query. */
  private readonly connections = new Set<Connection>();
  private readonly byAddress = new Map<string, Set<Connection>>();

  constructor(limits: ConnectionLimits) {
    this.limits = limits;
  }

  get size(): number {
    return this.connections.size;
  }

  /** Enters a new connection unless it is refused. */
  admit(connection: Connection): Admission {
    const own = this.byAddress.get(connection.address);
    let admission: Admission = 'admitted';
    if (own !== undefined && own.size >= this.limits.perAddress) {
      if (!this.makeRoom(own)) return 'refused';
      admission = 'admitted-for-another';
    } else if (this.connections.size >= this.limits.total) {
      if (!this.makeRoom(this.connections)) return 'refused';
      admission = 'admitted-for-another';
    }
    this.enter(connection);
    return admission;
  }

  /** Notes that the connection was just of use. */
  touch(connection: Connection): void {
    if (!this.connections.delete(connection)) return;
    this.connections.add(connection);
    const own = this.byAddress.get(connection.address);
    own?.delete(connection);
    own?.add(connection);
  }

  /** Forgets a connection, which may be gone already. */
  remove(connection: Connection): void {
    this.connections.delete(connection);
    const own = this.byAddress.get(connection.address);
    own?.delete(connection);
    if (own?.size === 0) this.byAddress.delete(connection.address);
  }

  /** All connections, that of the oldest use first. */
  values(): Iterable<Connection> {
    return this.connections;
  }

  private enter(connection: Connection): void {
    this.connections.add(connection);
    const own = this.byAddress.get(connection.address);
    if (own === undefined) this.byAddress.set(connection.address, new Set([connection]));
    else own.add(connection);
  }

  private makeRoom(among: Iterable<Connection>): boolean {
    let chosen: Connection | null = null;
    for (const connection of among) {
      if (connection.openQueries > 0) continue;
      chosen ??= connection;
      if (connection.queryCount > 0) continue;
      chosen = connection;
      break;
    }
    if (chosen === null) return false;
    this.remove(chosen);
    chosen.destroy();
    return true;
  }
}
