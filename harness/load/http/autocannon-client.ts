import type { EventEmitter } from 'node:events';

/** What this project uses of autocannon's client, more than its declared interface (autocannon 9, lib/httpClient.js). */
export interface AutocannonClient extends EventEmitter {
  /** Milliseconds that a request may take. */
  timeout: number;
  /** Requests made so far, the one in flight included. */
  readonly reqsMade: number;
  /** The client ends instead of asking again when it has made so many. */
  responseMax: number;
  readonly destroyed: boolean;
  readonly conn?: object;
  readonly parser: { initialize(type: 'RESPONSE'): void; isChunked: boolean; body_bytes: number | null };
  _connect(): void;
  _destroyConnection(): void;
  destroy(): void;
}

/** What became of the requests of one client, each told once. */
export interface ClientListener {
  /** A request leaves; the previous one has ended. */
  onRequest(): void;
  onResponse(status: number): void;
  /** The connection could not be made, or ended before the response did. */
  onLost(error: Error): void;
  onTimeout(): void;
  /** The server had announced that it would close the connection: the request was never asked. */
  onUnasked(): void;
  /** The client is gone and asks no more. */
  onDone(): void;
}

/** A client as the load holds it. */
export interface SteadyClient {
  /** Asks no more; a request in flight is waited for. */
  finish(): void;
}

/** A connection is tried again this long after one failed: a target that is gone is not to be hammered. */
const RETRY_MS = 100;

/** `opts` of the `headers` event, as http-parser-js makes it. */
interface ResponseHead {
  readonly shouldKeepAlive: boolean;
}

const CLOSED = new Error('the connection was closed before the response was complete');

/**
 * Makes a client of autocannon account for every request. By itself it forgets a request whose connection ends
 * without an error, goes on reading the next response where the broken one stopped, asks once more on a connection
 * that the server said it would close, waits for the body of a HEAD, and connects again at once, 5 000 times a
 * second, to a server that is gone.
 */
export function steadyClient(
  client: AutocannonClient,
  method: string,
  listener: ClientListener,
): SteadyClient {
  const connect = client._connect.bind(client);
  let inFlight = false;
  let isClosing = false;
  let finishing = false;
  let failure: Error | null = null;
  /** The last request lost with its connection, until it is known whether that was for its timeout. */
  let lost: Error | null = null;
  let retry: NodeJS.Timeout | undefined;

  client._connect = () => {
    clearTimeout(retry);
    // The old connection may still have an error to tell, which would open another one beside the new one.
    if (client.conn !== undefined) client._destroyConnection();
    client.parser.initialize('RESPONSE');
    const wasAsked = inFlight && !(isClosing && failure === null);
    if (inFlight && !wasAsked) listener.onUnasked();
    lost = wasAsked ? (failure ?? CLOSED) : null;
    inFlight = false;
    isClosing = false;
    failure = null;
    if (lost === null) {
      if (finishing) client.destroy();
      else connect();
      return;
    }
    // Told when autocannon has: it reports a timeout only after it has connected again.
    queueMicrotask(tellLost);
    if (finishing) client.destroy();
    else retry = setTimeout(() => (finishing ? client.destroy() : connect()), RETRY_MS);
  };
  const tellLost = (): void => {
    if (lost !== null) listener.onLost(lost);
    lost = null;
  };

  client.on('request', () => {
    inFlight = true;
    listener.onRequest();
  });
  client.on('headers', (head: ResponseHead) => {
    isClosing = !head.shouldKeepAlive;
    // Its headers tell of a body that does not come (RFC 9110 §9.3.2).
    if (method === 'HEAD') Object.assign(client.parser, { isChunked: false, body_bytes: 0 });
  });
  client.on('response', (status: number) => {
    inFlight = false;
    listener.onResponse(status);
  });
  client.on('timeout', () => {
    if (lost === null) return;
    lost = null;
    listener.onTimeout();
  });
  client.on('connError', (error: Error) => {
    failure = error;
  });
  client.on('done', () => {
    clearTimeout(retry);
    // `done` may come in the midst of telling what became of the last request.
    setImmediate(listener.onDone);
  });

  return {
    finish() {
      finishing = true;
      if (inFlight) client.responseMax = Math.max(1, client.reqsMade);
      else client.destroy();
    },
  };
}
