import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Endpoint } from '../endpoint.js';
import { reasonOf } from '../errors.js';
import type { Counters } from './counters.js';
import type { Log } from './log.js';
import type { StructureSize } from './structure.js';

/** What `GET /health` answers. */
export interface Health {
  readonly status: 'healthy';
  readonly uptime_sec: number;
  readonly version: string;
  /** Every long-lived collection of the node. */
  readonly structures: readonly StructureSize[];
  readonly counters: Counters;
}

/** The HTTP server for operators and probes. */
export interface HealthServer {
  readonly address: Endpoint;
  close(): Promise<void>;
}

/** Operators and probes are few; more connections are closed at once. */
const MAX_CONNECTIONS = 32;
/** A request is one short line: whoever needs longer holds a connection on purpose. */
const REQUEST_TIMEOUT_MS = 5000;
const MAX_HEADER_BYTES = 8192;
/** Idle connections close a little after a scraper's usual 15 s pause. */
const KEEP_ALIVE_MS = 20_000;

/** Listens on `listen`; rejects with the system's error when the address cannot be had. */
export async function openHealthServer(
  listen: Endpoint,
  log: Log,
  read: () => Health,
): Promise<HealthServer> {
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: REQUEST_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: 1000,
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.on('request', (request, response) => {
    // A body is of no use here; it is read and thrown away so that the connection can go on.
    request.resume();
    if (request.url?.split('?', 1)[0] !== '/health') {
      respond(404, { error: 'not found; try /health' });
    } else if (request.method !== 'GET') {
      response.setHeader('allow', 'GET');
      respond(405, { error: 'method not allowed; use GET' });
    } else {
      respond(200, read());
    }

    function respond(status: number, body: unknown): void {
      const text = `${JSON.stringify(body)}\n`;
      response.writeHead(status, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      });
      response.end(text);
    }
  });
  server.listen(listen.port, listen.address);
  await once(server, 'listening');
  server.on('error', (error) => log.warn('ops', `health server: ${reasonOf(error)}`));
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : listen.port;
  return {
    address: { address: listen.address, port },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
