import type { Counters } from '../ops/counters.js';
import { type Carrier, type Echo, parseQuery, type Query } from './query.js';
import type { Outcome } from './request-guard.js';
import { RCODE } from './wire.js';

/** What a transport does with a message once it was read. */
export interface MessageHandlers {
  /** A question to resolve. */
  query(query: Query): void;
  /** An error to answer with, at once. */
  refuse(echo: Echo, rcode: number): void;
  /** Nothing to answer: it was no query at all. */
  drop(): void;
}

/** Reads one message of a client, counts what it is, and hands it on: the same for every transport. */
export function serveMessage(
  message: Buffer,
  carrier: Carrier,
  counters: Counters,
  handlers: MessageHandlers,
): Outcome {
  counters.received += 1;
  const parsed = parseQuery(message, carrier);
  if (parsed.kind === 'query') {
    handlers.query(parsed);
    return 'served';
  }
  if (parsed.kind === 'drop') {
    counters.dropped += 1;
    handlers.drop();
    return 'unreadable';
  }
  counters.rejected += 1;
  handlers.refuse(parsed, parsed.rcode);
  return parsed.rcode === RCODE.formErr ? 'unreadable' : 'served';
}
