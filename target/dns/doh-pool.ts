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
import { MESSAGE_TYPE } from './doh-request.js';
import { MAX_BODY_BYTES, type ReadBody } from './request-body.js';

/** Settings of the connections to one resolver. */
export interface DohPoolOptions {
  /** From the question to the last byte of the response, waiting and connecting included. */
  readonly timeoutMs: number;
  /** Largest number of connections to one resolver. */
  readonly maxConnections: number;
  /** Certificates in PEM form that are trusted instead of the system's; null for those. */
  readonly ca: string | null;
}

/** What it works with. */
export interface DohPoolDeps {
  /** Finds the address of a resolver's host name. */
  readonly lookup: LookupFunction;
  readonly readBody: ReadBody;
  readonly log: Log;
}

/** Idle connections kept to one resolver, and how long: seed 000's numbers. */
const MAX_IDLE = 8;
const MAX_IDLE_MS = 300_000;
/** What is shown of a response that is no DNS message. */
const SHOWN_CHARACTERS = 80;

/** A question that was not answered yet. */
interface Pending {
  readonly message: Buffer;
  readonly timer: NodeJS.Timeout;
  /** Ends it; with what was wrong where there is no response. */
  readonly finish: (response: Buffer | null, problem?: string) => void;
  /** Null while it waits for a connection. */
  request: ClientRequest | null;
  response: IncomingMessage | null;
}

/**
 * Asks one resolver by POST (RFC 8484), on connections that are kept open for the next question. A question that finds none
 * free waits here: Node's agent would keep it in its own queue after it was given up, so that a resolver that says nothing
 * would make that queue grow without end.
 */
export class DohPool {
  private readonly url: URL;
  private readonly options: DohPoolOptions;
  private readonly deps: DohPoolDeps;
  private readonly agent: PlainAgent | SecureAgent;
  private readonly asking = new Set<Pending>();
  /** In order of arrival. */
  private readonly waiting = new Set<Pending>();

  constructor(url: string, options: DohPoolOptions, deps: DohPoolDeps) {
    this.url = new URL(url);
    this.options = options;
    this.deps = deps;
    const { maxConnections: maxSockets } = options;
    const pool = { keepAlive: true, maxSockets, maxFreeSockets: MAX_IDLE, timeout: MAX_IDLE_MS };
    this.agent = this.url.protocol === 'http:' ? new PlainAgent(pool) : new SecureAgent(pool);
  }

  /** Questions that were not answered yet. */
  get size(): number {
    return this.asking.size + this.waiting.size;
  }

  /** Connections, idle ones included. */
  get connections(): number {
    const { sockets, freeSockets } = this.agent;
    const lists = [...Object.values(sockets), ...Object.values(freeSockets)];
    return lists.reduce((sum, list) => sum + (list?.length ?? 0), 0);
  }

  /** `onDone` is called once, never before the return; null when there was no response of use in time. */
  ask(message: Buffer, onDone: (response: Buffer | null) => void): void {
    const { timeoutMs } = this.options;
    const pending: Pending = {
      message,
      timer: setTimeout(() => pending.finish(null, `no answer within ${timeoutMs} ms`), timeoutMs),
      finish: (response, problem) => {
        if (!this.release(pending)) return;
        if (problem !== undefined)
          this.deps.log.warn('doh-upstream', `forwarder ${this.url.href}: ${problem}`);
        this.sendWaiting();
        onDone(response);
      },
      request: null,
      response: null,
    };
    this.waiting.add(pending);
    this.sendWaiting();
  }

  /** Ends every request, telling nobody, and closes every connection. */
  close(): void {
    for (const pending of [...this.waiting, ...this.asking]) this.release(pending);
    this.agent.destroy();
  }

  private sendWaiting(): void {
    for (const pending of this.waiting) {
      if (this.asking.size >= this.options.maxConnections) return;
      this.waiting.delete(pending);
      this.asking.add(pending);
      this.send(pending);
    }
  }

  private send(pending: Pending): void {
    const { message, finish } = pending;
    const headers = { 'content-type': MESSAGE_TYPE, accept: MESSAGE_TYPE, 'content-length': message.length };
    const options = { method: 'POST', lookup: this.deps.lookup, headers, agent: this.agent };
    const trust = this.options.ca === null ? {} : { ca: this.options.ca };
    const isPlain = this.url.protocol === 'http:';
    const request = isPlain
      ? plainRequest(this.url, options)
      : secureRequest(this.url, { ...options, ...trust });
    pending.request = request;
    request.on('response', (response) => {
      pending.response = response;
      this.read(response, finish);
    });
    request.on('error', (error) => {
      // The resolver closed an idle connection just when it was used again: the question never got there.
      const isStale = request.reusedSocket && reasonOf(error) === 'ECONNRESET';
      if (isStale && this.asking.has(pending)) this.send(pending);
      else finish(null, `no response: ${reasonOf(error)}`);
    });
    request.end(message);
  }

  private read(response: IncomingMessage, finish: Pending['finish']): void {
    const status = response.statusCode ?? 0;
    const type = response.headers['content-type'] ?? 'no content type';
    response.on('error', (error) => finish(null, `status ${status}, then ${reasonOf(error)}`));
    response.on('close', () => finish(null, `status ${status}, then closed before the end`));
    this.deps.readBody(response, (body) => {
      if (body === null) {
        finish(null, `status ${status}, more than ${MAX_BODY_BYTES} bytes: no DNS message is that long`);
      } else if (status !== 200 || type !== MESSAGE_TYPE) {
        finish(null, `status ${status}, ${body.length} bytes of ${type}: ${shown(body)}`);
      } else {
        finish(body);
      }
    });
  }

  /** Lets go of a question; false when that was done before. */
  private release(pending: Pending): boolean {
    if (!this.asking.delete(pending) && !this.waiting.delete(pending)) return false;
    clearTimeout(pending.timer);
    // One whose response has ended gives its connection back to the agent instead.
    if (pending.response?.complete !== true) pending.request?.destroy();
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
