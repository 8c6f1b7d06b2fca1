import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Counters } from '../ops/counters.js';
import type { Answer } from './answer.js';
import { MAX_STREAM_QUERY_BYTES } from './frame-reader.js';
import type { Query } from './query.js';
import type { ReadBody } from './request-body.js';
import type { RequestGuard } from './request-guard.js';
import type { Client, Resolver } from './resolver.js';
import { writeAnswer, writeError } from './response.js';
import { serveMessage } from './serve-message.js';
import { MAX_MESSAGE_BYTES, OPT_BYTES } from './wire.js';

/** What requests are served with. */
export interface DohHandlerDeps {
  readonly resolver: Pick<Resolver, 'resolve'>;
  readonly guard: RequestGuard;
  readonly readBody: ReadBody;
  readonly counters: Counters;
}

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

/** The path that clients use unless told otherwise (RFC 8484 §4.1). */
export const DOH_PATH = '/dns-query';
/** Media type of a DNS message (RFC 8484 §6). */
export const MESSAGE_TYPE = 'application/dns-message';
const BASE64_URL = /^[A-Za-z0-9_-]+$/;
const scratch = Buffer.allocUnsafeSlow(MAX_MESSAGE_BYTES + OPT_BYTES);

/** Serves one request: a question by GET in the parameter `dns`, or by POST as the body. */
export function createDohHandler(deps: DohHandlerDeps): (request: Request, response: Response) => void {
  const { resolver, counters } = deps;
  const serve = deps.guard((message: Buffer, response: Response) =>
    serveMessage(message, 'stream', counters, {
      query: (query) => resolver.resolve(new DohClient(query, response)),
      refuse: (echo, rcode) => sendMessage(response, writeError(scratch, echo, rcode), 0),
      drop: () => refuse(response, 400, 'that is no DNS query'),
    }),
  );
  return (request, response) => {
    // A client that leaves, or breaks the protocol, ends its own request and nothing else.
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    const [path, parameters = ''] = (request.url ?? '').split('?', 2);
    if (path !== DOH_PATH) {
      refuse(response, 404, `not found; try ${DOH_PATH}`);
    } else if (request.method === 'GET') {
      const text = new URLSearchParams(parameters).get('dns') ?? '';
      if (!BASE64_URL.test(text)) refuse(response, 400, 'the parameter dns is not base64url');
      else serve(Buffer.from(text, 'base64url'), response);
    } else if (request.method !== 'POST') {
      response.setHeader('allow', 'GET, POST');
      refuse(response, 405, 'method not allowed; use GET or POST');
    } else if (request.headers['content-type'] !== MESSAGE_TYPE) {
      refuse(response, 415, `the body must be ${MESSAGE_TYPE}`);
    } else {
      deps.readBody(request, (body) => {
        if (body === null || body.length > MAX_STREAM_QUERY_BYTES) refuseTooLong(response);
        else serve(body, response);
      });
    }
  };
}

/** One query that came by HTTP. */
class DohClient implements Client {
  readonly query: Query;
  private readonly response: Response;

  constructor(query: Query, response: Response) {
    this.query = query;
    this.response = response;
  }

  reply(answer: Answer, ageSec: number): void {
    const length = writeAnswer(scratch, this.query, answer, ageSec);
    sendMessage(this.response, length, Math.max(0, answer.ttlSec - ageSec));
  }

  fail(rcode: number): void {
    sendMessage(this.response, writeError(scratch, this.query, rcode), 0);
  }
}

/** Sends the first bytes of the scratch buffer; caches may keep them as long as the records live (RFC 8484 §5.1). */
function sendMessage(response: Response, length: number, maxAgeSec: number): void {
  if (response.writableEnded || response.destroyed) return;
  response.statusCode = 200;
  response.setHeader('content-type', MESSAGE_TYPE);
  response.setHeader('content-length', length);
  response.setHeader('cache-control', `max-age=${maxAgeSec}`);
  response.end(Buffer.from(scratch.subarray(0, length)));
}

function refuse(response: Response, status: number, reason: string): void {
  if (response.writableEnded || response.destroyed) return;
  response.statusCode = status;
  response.setHeader('content-type', 'text/plain');
  response.end(`${reason}\n`);
}

/** The rest of the body is not wanted, so the connection (HTTP/1.1) or stream (HTTP/2) ends with the answer. */
function refuseTooLong(response: Response): void {
  if (response.req.httpVersionMajor === 1) response.setHeader('connection', 'close');
  refuse(response, 413, 'no DNS query is that long');
}
