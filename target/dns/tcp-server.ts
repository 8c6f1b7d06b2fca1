import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { Clock } from '../clock.js';
import type { Endpoint } from '../endpoint.js';
import { reasonOf } from '../errors.js';
import type { Counters } from '../ops/counters.js';
import type { Log } from '../ops/log.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';
import { type ConnectionLimits, ConnectionTable } from './connection-table.js';
import { EqualWaits } from './equal-waits.js';
import type { RequestGuard } from './request-guard.js';
import type { Resolver } from './resolver.js';
import { serveMessage } from './serve-message.js';
import { sendError, TcpClient, TcpConnection, type TcpConnectionListener } from './tcp-connection.js';

/** A DNS service on one TCP port. */
export interface TcpServer {
  readonly address: Endpoint;
  structures(): readonly StructureSize[];
  /** Stops listening and closes every connection at once. */
  close(): Promise<void>;
}

/** Settings of the server. */
export interface TcpServerOptions {
  readonly limits: ConnectionLimits;
  /** A connection that waits for no answer and completes no query for so long is closed (RFC 7766 §6.2.3). */
  readonly idleTimeoutMs: number;
}

/** What the server works with. */
export interface TcpServerDeps {
  readonly resolver: Pick<Resolver, 'resolve'>;
  readonly guard: RequestGuard;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly log: Log;
}

/** Name under which `/health` lists the connections, whichever implementation is in use. */
export const TCP_STRUCTURE = 'dns-tcp-connections';

/** Connections over the limit that Node may hand over before it closes them itself: room for the table to choose. */
const SURPLUS_CONNECTIONS = 16;
/** As many as Linux allows (net.core.somaxconn): beyond it a caller's SYN is dropped, and it tries again after a second. */
const BACKLOG = 4096;

/** Listens on `listen`; rejects with the system's error when the address cannot be had. */
export async function openTcpServer(
  listen: Endpoint,
  options: TcpServerOptions,
  deps: TcpServerDeps,
): Promise<TcpServer> {
  const { limits, idleTimeoutMs } = options;
  const { clock, counters, log } = deps;
  const table = new ConnectionTable<TcpConnection>(limits);
  let lastNumber = 0;
  const idle = new EqualWaits<TcpConnection>(idleTimeoutMs, clock, (_number, connection) => {
    if (connection.openQueries > 0) {
      startWait(connection);
      return;
    }
    counters.tcpTimedOut += 1;
    connection.destroy();
  });
  const server = createServer({ allowHalfOpen: true });
  server.maxConnections = limits.total + SURPLUS_CONNECTIONS;
  const listener = connectionListener(deps, (connection) => {
    table.touch(connection);
    startWait(connection);
  });

  function startWait(connection: TcpConnection): void {
    idle.remove(connection.number);
    connection.sentAtMs = clock();
    idle.add(connection.number, connection);
  }

  server.on('drop', () => {
    counters.tcpRefused += 1;
  });
  server.on('connection', (socket) => {
    // Resets and broken pipes are a client's way of leaving; the close that follows is all there is to know.
    socket.on('error', () => undefined);
    lastNumber += 1;
    const connection = new TcpConnection(socket, lastNumber, clock(), listener);
    const admission = table.admit(connection);
    if (admission === 'refused') {
      counters.tcpRefused += 1;
      log.warn('tcp-full', `${table.size} TCP connections, closing new ones`);
      // A reset: neither side has to remember the connection.
      socket.resetAndDestroy();
      return;
    }
    counters.tcpAccepted += 1;
    if (admission === 'admitted-for-another') counters.tcpEvicted += 1;
    idle.add(connection.number, connection);
    socket.once('close', () => {
      table.remove(connection);
      idle.remove(connection.number);
    });
  });
  try {
    await listening(server, listen);
  } catch (error) {
    idle.close();
    throw error;
  }
  server.on('error', (error) => log.warn('client-socket', `TCP server: ${reasonOf(error)}`));
  return {
    address: boundEndpoint(server, listen),
    structures: () => [countedStructure(TCP_STRUCTURE, table.size, limits.total)],
    close: async () => {
      idle.close();
      const closed = once(server, 'close');
      server.close();
      for (const connection of [...table.values()]) connection.destroy();
      await closed;
    },
  };
}

/** Serves each message, and tells `onUse` of connections that were of use. */
function connectionListener(
  deps: TcpServerDeps,
  onUse: (connection: TcpConnection) => void,
): TcpConnectionListener {
  const serve = createServe(deps);
  return {
    onMessage: (connection, message) => {
      onUse(connection);
      serve(connection, message);
    },
    onEmpty: (connection) => serve(connection, null),
    onUnsent: () => {
      deps.counters.unsent += 1;
    },
  };
}

/** Serves a message of a connection; null stands for one that ended before a query was complete. */
export function createServe(
  deps: TcpServerDeps,
): (connection: TcpConnection, message: Buffer | null) => void {
  const { resolver, counters } = deps;
  return deps.guard((connection: TcpConnection, message: Buffer | null) =>
    message === null
      ? 'unreadable'
      : serveMessage(message, 'stream', counters, {
          query: (query) => resolver.resolve(new TcpClient(query, connection)),
          refuse: (echo, rcode) => sendError(connection, echo, rcode),
          drop: () => connection.destroy(),
        }),
  );
}

/** Resolves once the server listens; rejects with the system's error. */
export async function listening(server: Server, { address, port }: Endpoint): Promise<void> {
  const bound = once(server, 'listening');
  server.listen({ host: address, port, backlog: BACKLOG });
  await bound;
}

/** The address that the server was given. */
export function boundEndpoint(server: Server, { address, port }: Endpoint): Endpoint {
  const bound = server.address();
  return { address, port: typeof bound === 'object' && bound !== null ? bound.port : port };
}
