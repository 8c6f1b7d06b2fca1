import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describeConnectFailure, isOurFailure } from '../connect-failure.js';
import type { DohTarget } from './doh-target.js';
import { type Http1Response, readResponse } from './http1-response.js';

/** What is asked, and who is told. */
export interface Http1Request {
  /** Head and body as they go over the wire. */
  readonly bytes: Buffer;
  /** Called once, before the response: false when no connection could be opened for want of something of ours. */
  readonly onSent: (sent: boolean) => void;
  /** `malformed` when what came back is no response; not called at all when nothing came. */
  readonly onResponse: (response: Http1Response | 'malformed') => void;
}

/** What the connections of a pool are like. */
export interface Http1Options {
  /** Most connections, each with one request at a time; further requests wait for one of them. */
  readonly connections: number;
  /** True: a certificate is accepted that cannot be verified. */
  readonly insecure: boolean;
  /** A request is given up after this long. */
  readonly timeoutMs: number;
  /** Told why a connection failed. */
  readonly onConnectFailure: (reason: string) => void;
}

/** Keep-alive connections that carry one request at a time; further requests wait for one of them. */
export interface Http1Pool {
  ask(request: Http1Request): void;
  close(): void;
}

interface Waiting {
  readonly request: Http1Request;
  readonly deadlineMs: number;
}

/** As much as is read at once; a response is far smaller. */
const READ_BYTES = 64 * 1024;

/** How often connections are looked through for requests that have taken too long. */
const SWEEP_MS = 50;

/**
 * A client of HTTP/1.1 that does no more than a load of small questions needs: a request costs it a third of what it
 * costs `node:http`.
 */
export function openHttp1Pool(
  to: Pick<DohTarget, 'host' | 'port' | 'tls'>,
  options: Http1Options,
): Http1Pool {
  const { connections, insecure, timeoutMs, onConnectFailure } = options;
  const queue: Waiting[] = [];
  const idle: Socket[] = [];
  /** What each connection is busy with; null when it is idle. */
  const busy = new Map<Socket, Waiting | null>();
  /** All plain connections read into it, one after the other: a buffer for each read is work for the collector. */
  const readBuffer = Buffer.allocUnsafe(READ_BYTES);
  let closed = false;

  const open = (): Socket => {
    const address = { host: to.host, port: to.port };
    let received: Buffer = Buffer.alloc(0);
    let isUsed = false;
    /** @param bytes valid during the call only */
    const onData = (bytes: Buffer): void => {
      const whole = received.length === 0 ? bytes : Buffer.concat([received, bytes]);
      const response = busy.get(socket) == null ? 'malformed' : readResponse(whole);
      if (response === null) {
        received = whole === bytes ? Buffer.from(bytes) : whole;
        return;
      }
      if (received.length > 0) received = Buffer.alloc(0);
      isUsed = true;
      finish(socket, response);
    };
    const socket = to.tls
      ? connectTls({
          ...address,
          // A name that the server may choose its certificate by; an address is none (RFC 6066 §3).
          servername: isIP(to.host) === 0 ? to.host : '',
          ALPNProtocols: ['http/1.1'],
          rejectUnauthorized: !insecure,
        })
      : connectPlain({
          ...address,
          noDelay: true,
          autoSelectFamily: false,
          onread: {
            buffer: readBuffer,
            callback: (length) => {
              onData(readBuffer.subarray(0, length));
              return true;
            },
          },
        });
    if (to.tls) socket.on('data', onData);
    socket.once(to.tls ? 'secureConnect' : 'connect', () => busy.get(socket)?.request.onSent(true));
    socket.on('error', (error) => {
      onConnectFailure(describeConnectFailure(error));
      busy.get(socket)?.request.onSent(!isOurFailure(error));
    });
    socket.on('close', () => {
      const lost = busy.get(socket);
      busy.delete(socket);
      // A target may close a connection that was idle just when it is used again: that is nobody's fault.
      const again =
        isUsed && received.length === 0 && !closed && lost != null && lost.deadlineMs > performance.now();
      if (again) queue.unshift(lost);
      else lost?.request.onSent(true);
      const at = idle.indexOf(socket);
      if (at >= 0) idle.splice(at, 1);
      serve();
    });
    return socket;
  };

  const finish = (socket: Socket, response: Http1Response | 'malformed'): void => {
    const waiting = busy.get(socket);
    busy.set(socket, null);
    waiting?.request.onSent(true);
    waiting?.request.onResponse(response);
    if (response === 'malformed' || !response.keepsAlive) {
      socket.destroy();
      return;
    }
    idle.push(socket);
    serve();
  };

  /** Gives waiting requests to connections that are idle, or may still be opened. */
  const serve = (): void => {
    while (queue.length > 0 && (idle.length > 0 || busy.size < connections)) {
      const waiting = queue.shift() as Waiting;
      // In turn: a connection that is left out for long is one that the target closes, and the count of them wavers.
      const standing = idle.shift();
      const socket = standing ?? open();
      busy.set(socket, waiting);
      socket.write(waiting.request.bytes);
      if (standing !== undefined) waiting.request.onSent(true);
    }
  };

  const sweep = setInterval(() => {
    const now = performance.now();
    for (const [socket, waiting] of busy) if (waiting !== null && waiting.deadlineMs <= now) socket.destroy();
    for (let first = queue[0]; first !== undefined && first.deadlineMs <= now; first = queue[0]) {
      queue.shift();
      first.request.onSent(true);
    }
  }, SWEEP_MS);

  return {
    ask(request) {
      let told = false;
      const onSent = (sent: boolean): void => {
        if (!told) request.onSent(sent);
        told = true;
      };
      queue.push({ request: { ...request, onSent }, deadlineMs: performance.now() + timeoutMs });
      serve();
    },
    close() {
      closed = true;
      clearInterval(sweep);
      queue.length = 0;
      for (const socket of busy.keys()) socket.destroy();
    },
  };
}
