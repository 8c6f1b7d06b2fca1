import {
  type ClientRequest,
  type IncomingMessage,
  Agent as PlainAgent,
  request as plainRequest,
} from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { reasonOf } from '../errors.js';
import type { Log } from '../ops/log.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';
import { MESSAGE_TYPE } from './doh-request.js';
import { MAX_BODY_BYTES, type ReadBody } from './request-body.js';

/** Settings of the exchange. */
export interface DohExchangeOptions {
  /** From the request to the last byte of the response, connecting included. */
  readonly timeoutMs: number;
  /** Largest number of requests under way, those that wait for a connection included. */
  readonly maxRequests: number;
  /** Largest number of connections to one resolver, idle ones included. */
  readonly maxConnectionsPerHost: number;
  /** Certificates in PEM form that are trusted besides the system's; null for those alone. */
  readonly ca: string | null;
}

/** What it works with. */
export interface DohExchangeDeps {
  /** Finds the address of a resolver's host name. */
  readonly lookup: LookupFunction;
  readonly readBody: ReadBody;
  readonly log: Log;
}

/** Idle connections kept to one resolver, and how long: seed 000's numbers. */
const MAX_IDLE_PER_HOST = 8;
const MAX_IDLE_MS = 300_000;
/** What is shown of a response that is no DNS message. */
const SHOWN_CHARACTERS = 80;

/** A request under way. */
interface Pending {
  readonly timer: NodeJS.Timeout;
  response: IncomingMessage | null;
}

/**
 * Asks resolvers over HTTPS (RFC 8484), by POST, on connections that are kept open for the next question. Requests and
 * connections are bounded in number, and each request in time as a whole; a body longer than a DNS message is given up.
 */
export class DohExchange {
  private readonly options: DohExchangeOptions;
  private readonly deps: DohExchangeDeps;
  private readonly plain: PlainAgent;
  private readonly secure: SecureAgent;
  private readonly requests = new Map<ClientRequest, Pending>();

  constructor(options: DohExchangeOptions, deps: DohExchangeDeps) {
    this.options = options;
    this.deps = deps;
    const pool = {
      keepAlive: true,
      maxSockets: options.maxConnectionsPerHost,
      maxFreeSockets: MAX_IDLE_PER_HOST,
      timeout: MAX_IDLE_MS,
    };
    this.plain = new PlainAgent(pool);
    this.secure = new SecureAgent(pool);
  }

  /** As `StreamExchange.ask`, with the URL of a resolver for the server. */
  ask(url: string, message: Buffer, onDone: (response: Buffer | null) => void): boolean {
    if (this.requests.size >= this.options.maxRequests) return false;
    this.send(new URL(url), message, onDone);
    return true;
  }

  structures(): readonly StructureSize[] {
    const pools = [this.plain.sockets, this.plain.freeSockets, this.secure.sockets, this.secure.freeSockets];
    const lists = pools.flatMap((pool) => Object.values(pool));
    const connections = lists.reduce((sum, list) => sum + (list?.length ?? 0), 0);
    return [
      countedStructure('doh-upstream-requests', this.requests.size, this.options.maxRequests),
      countedStructure('doh-upstream-connections', connections, null),
    ];
  }

  /** Ends every request, telling nobody, and closes every connection. */
  close(): void {
    for (const request of [...this.requests.keys()]) this.release(request);
    this.plain.destroy();
    this.secure.destroy();
  }

  private send(url: URL, message: Buffer, onDone: (response: Buffer | null) => void): void {
    const { lookup } = this.deps;
    const options = {
      method: 'POST',
      lookup,
      headers: { 'content-type': MESSAGE_TYPE, accept: MESSAGE_TYPE, 'content-length': message.length },
    };
    const trust = this.options.ca === null ? {} : { ca: this.options.ca };
    const request =
      url.protocol === 'http:'
        ? plainRequest(url, { ...options, agent: this.plain })
        : secureRequest(url, { ...options, ...trust, agent: this.secure });
    const finish = (response: Buffer | null, problem: string | null = null): void => {
      if (!this.release(request)) return;
      if (problem !== null) this.deps.log.warn('doh-upstream', `forwarder ${url.href}: ${problem}`);
      onDone(response);
    };
    const onTimeout = (): void => finish(null, `no answer within ${this.options.timeoutMs} ms`);
    const pending: Pending = { timer: setTimeout(onTimeout, this.options.timeoutMs), response: null };
    this.requests.set(request, pending);
    request.on('response', (response) => {
      pending.response = response;
      this.read(response, finish);
    });
    request.on('error', (error) => {
      // The resolver closed an idle connection just when it was used again: the question never got there.
      if (request.reusedSocket && reasonOf(error) === 'ECONNRESET' && this.release(request)) {
        this.send(url, message, onDone);
      } else {
        finish(null, `no response: ${reasonOf(error)}`);
      }
    });
    request.end(message);
  }

  private read(response: IncomingMessage, finish: (body: Buffer | null, problem?: string) => void): void {
    const status = response.statusCode ?? 0;
    const type = response.headers['content-type'] ?? 'no content type';
    response.on('error', (error) => finish(null, `status ${status}, then ${reasonOf(error)}`));
    response.on('close', () => finish(null, `status ${status}, then closed before the end`));
    this.deps.readBody(response, (body) => {
      if (body === null) {
        finish(null, `status ${status}, more than ${MAX_BODY_BYTES} bytes: no DNS message is that long`);
        response.destroy();
      } else if (status !== 200 || type !== MESSAGE_TYPE) {
        finish(null, `status ${status}, ${body.length} bytes of ${type}: ${shown(body)}`);
      } else {
        finish(body);
      }
    });
  }

  /** Ends a request; false when that was done before. */
  private release(request: ClientRequest): boolean {
    const pending = this.requests.get(request);
    if (pending === undefined) return false;
    this.requests.delete(request);
    clearTimeout(pending.timer);
    // One whose response has ended gives its connection back to the pool instead.
    if (pending.response?.complete !== true) request.destroy();
    return true;
  }
}

/** The beginning of a body in characters that do no harm in a log. */
function shown(body: Buffer): string {
  const text = body
    .toString('latin1', 0, SHOWN_CHARACTERS)
    .replace(/[^ -~]+/g, ' ')
    .trim();
  return text === '' ? 'no message' : `"${text}"`;
}
