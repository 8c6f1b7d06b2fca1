import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { describeConnectFailure } from '../connect-failure.js';
import type { HttpOutcome } from './http-outcome.js';
import type { HttpTarget } from './http-target.js';

/** The request that is repeated. */
export interface RepeatedRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Null for none. */
  readonly body: string | null;
}

/** One request waiting or under way. */
export interface PendingRequest {
  /** Gives it up; no outcome follows. */
  abandon(): void;
}

/**
 * Sends requests over so many connections, all of them in use in turn: a server then holds the same number of
 * descriptors from the first second to the last. A request for which none is free waits in order.
 */
export interface HttpClient {
  send(sequence: number, onEnd: (outcome: HttpOutcome) => void): PendingRequest;
  /** Closes every connection; the next request opens one again. */
  close(): void;
}

type Agent = HttpAgent | HttpsAgent;

interface Job {
  readonly sequence: number;
  /** Null once it has ended or was given up. */
  onEnd: ((outcome: HttpOutcome) => void) | null;
  /** Null while it waits for a connection. */
  underWay: { readonly request: ClientRequest; readonly agent: Agent } | null;
}

/** What the connections are like. */
export interface HttpConnections {
  /** How many. */
  readonly connections: number;
  /** True: a certificate is accepted that cannot be verified. */
  readonly insecure: boolean;
}

/** Bodies are read and thrown away. */
export function createHttpClient(
  target: HttpTarget,
  what: RepeatedRequest,
  { connections, insecure }: HttpConnections,
): HttpClient {
  const open = target.secure ? httpsRequest : httpRequest;
  const body = what.body === null ? null : Buffer.from(what.body);
  const headers = body === null ? what.headers : { 'content-length': String(body.length), ...what.headers };
  const agents = Array.from({ length: connections }, () => oneConnection(target.secure, insecure));
  const idle = [...agents];
  const waiting = new Set<Job>();

  const finish = (job: Job, agent: Agent, outcome: HttpOutcome): void => {
    const { onEnd } = job;
    if (onEnd === null) return;
    job.onEnd = null;
    release(agent);
    onEnd(outcome);
  };
  const release = (agent: Agent): void => {
    const [next] = waiting;
    if (next === undefined) {
      idle.push(agent);
      return;
    }
    waiting.delete(next);
    begin(next, agent, true);
  };
  const begin = (job: Job, agent: Agent, mayRetry: boolean): void => {
    const request = open({
      agent,
      host: target.host,
      port: target.port,
      method: what.method,
      path: target.pathOf(job.sequence),
      headers,
    });
    job.underWay = { request, agent };
    request.on('response', (response) => {
      response.on('end', () => finish(job, agent, { status: response.statusCode ?? 0 }));
      response.on('error', (error) => finish(job, agent, { error: describeConnectFailure(error) }));
      response.resume();
    });
    request.on('error', (error) => {
      // A server may close an idle connection just as it is used again (RFC 9112 §9.3.1): that is asked anew.
      if (mayRetry && job.onEnd !== null && request.reusedSocket) begin(job, agent, false);
      else finish(job, agent, { error: describeConnectFailure(error) });
    });
    request.end(body ?? undefined);
  };

  return {
    send(sequence, onEnd) {
      const job: Job = { sequence, onEnd, underWay: null };
      const agent = idle.shift();
      if (agent === undefined) waiting.add(job);
      else begin(job, agent, true);
      return {
        abandon: () => {
          if (job.onEnd === null) return;
          job.onEnd = null;
          waiting.delete(job);
          if (job.underWay === null) return;
          job.underWay.request.destroy();
          release(job.underWay.agent);
        },
      };
    },
    close: () => {
      for (const agent of agents) agent.destroy();
    },
  };
}

function oneConnection(secure: boolean, insecure: boolean): Agent {
  const options = { keepAlive: true, maxSockets: 1, maxFreeSockets: 1 };
  return secure ? new HttpsAgent({ ...options, rejectUnauthorized: !insecure }) : new HttpAgent(options);
}
