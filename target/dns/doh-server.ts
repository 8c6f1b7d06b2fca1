import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { Server, Socket } from 'node:net';
import type { Endpoint } from '../endpoint.js';
import { reasonOf } from '../errors.js';
import type { Log } from '../ops/log.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';
import { createDohHandler, type DohHandlerDeps } from './doh-request.js';
import { boundEndpoint, listening } from './tcp-server.js';

/** DNS over HTTP on one port (RFC 8484). */
export interface DohServer {
  readonly address: Endpoint;
  structures(): readonly StructureSize[];
  /** Stops listening and closes every connection at once. */
  close(): Promise<void>;
}

/** Certificate chain and key in PEM form. */
export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Settings of the server. */
export interface DohServerOptions {
  /** With it HTTP/2 and HTTP/1.1 over TLS, without (null) plain HTTP/1.1. */
  readonly certificate: Certificate | null;
  /** Largest number of connections. */
  readonly maxConnections: number;
}

/** What the server works with. */
export interface DohServerDeps extends DohHandlerDeps {
  readonly log: Log;
}

/** How long a request may take to come. */
const REQUEST_TIMEOUT_MS = 5000;
/** How long a connection may be open without a request. */
const IDLE_TIMEOUT_MS = 10_000;
const CHECK_INTERVAL_MS = 1000;
/** A question in a GET is below 1 KB. */
const MAX_HEADER_BYTES = 8192;
/** Requests of one HTTP/2 connection that may wait for their answers. */
const MAX_STREAMS = 100;

/** Listens on `listen`; rejects with the system's error when the address cannot be had, or the certificate be used. */
export async function openDohServer(
  listen: Endpoint,
  options: DohServerOptions,
  deps: DohServerDeps,
): Promise<DohServer> {
  const { certificate, maxConnections } = options;
  const handle = createDohHandler(deps);
  const server = certificate === null ? plainServer(handle) : secureServer(certificate, handle);
  const sockets = new Set<Socket>();
  server.maxConnections = maxConnections;
  server.on('drop', () => {
    deps.counters.tcpRefused += 1;
  });
  server.on('connection', (socket: Socket) => {
    deps.counters.tcpAccepted += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  await listening(server, listen);
  server.on('error', (error) => deps.log.warn('client-socket', `DoH server: ${reasonOf(error)}`));
  return {
    address: boundEndpoint(server, listen),
    structures: () => [countedStructure('doh-connections', sockets.size, maxConnections)],
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

type Handler = (
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
) => void;

function plainServer(handle: Handler): Server {
  return createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: REQUEST_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: IDLE_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
    },
    handle,
  );
}

function secureServer(certificate: Certificate, handle: Handler): Server {
  const server = createSecureServer(
    {
      ...certificate,
      allowHTTP1: true,
      handshakeTimeout: REQUEST_TIMEOUT_MS,
      settings: { maxConcurrentStreams: MAX_STREAMS, maxHeaderListSize: MAX_HEADER_BYTES },
    },
    handle,
  );
  // A connection without traffic for so long has neither a request under way nor one to come.
  server.on('session', (session) => session.setTimeout(IDLE_TIMEOUT_MS, () => session.destroy()));
  server.on('stream', (stream) => stream.setTimeout(REQUEST_TIMEOUT_MS, () => stream.destroy()));
  server.on('sessionError', () => undefined);
  return server as unknown as Server;
}
