import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Endpoint } from '../endpoint.js';
import { reasonOf } from '../errors.js';
import type { Health } from './health-report.js';
import type { Log } from './log.js';
import { METRICS_TYPE, metricsText } from './metrics.js';

/** The HTTP server for operators and probes. */
export interface HealthServer {
  readonly address: Endpoint;
  close(): Promise<void>;
}

/** Operators and probes are few, and each has its answer in a moment. When one more connects, the oldest has to go. */
const MAX_CONNECTIONS = 32;
/** A request is one short line: whoever needs longer holds a connection on purpose. */
const REQUEST_TIMEOUT_MS = 2000;
const CHECK_INTERVAL_MS = 500;
const MAX_HEADER_BYTES = 8192;

/**
 * Listens on `listen`; rejects with the system's error when the address cannot be had. Each connection serves one
 * request, so whoever holds one open holds it for nothing and cannot keep others from asking.
 */
export async function openHealthServer(
  listen: Endpoint,
  log: Log,
  read: () => Health,
): Promise<HealthServer> {
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: REQUEST_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: CHECK_INTERVAL_MS,
  });
  server.maxRequestsPerSocket = 1;
  evictOldest(server);
  server.on('request', (request, response) => {
    // A body is of no use here; it is read and thrown away so that the client gets to read the answer.
    request.resume();
    const path = request.url?.split('?', 1)[0];
    if (path !== '/health' && path !== '/metrics') {
      respondJson(404, { error: 'not found; try /health or /metrics' });
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      respondJson(405, { error: 'method not allowed; use GET' });
    } else if (path === '/health') {
      respondJson(200, read());
    } else {
      respond(200, METRICS_TYPE, metricsText(read()));
    }

    function respondJson(status: number, body: unknown): void {
      respond(status, 'application/json', `${JSON.stringify(body)}\n`);
    }

    function respond(status: number, type: string, text: string): void {
      response.writeHead(status, {
        'content-type': type,
        'content-length': Buffer.byteLength(text),
        connection: 'close',
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

/** Closes the connection that is open longest when there are too many: answers are given at once, so it waits for nothing. */
function evictOldest(server: Server): void {
  const connections = new Set<Socket>();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
    if (connections.size <= MAX_CONNECTIONS) return;
    const [oldest] = connections;
    if (oldest === undefined) return;
    // Forgotten now: its close comes later, and more connections may come before it.
    connections.delete(oldest);
    oldest.destroy();
  });
}
