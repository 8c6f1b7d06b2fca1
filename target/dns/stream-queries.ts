import { randomInt } from 'node:crypto';
import type { Endpoint } from '../endpoint.js';
import type { TtlCaps } from './answer.js';
import type { AddResult, UpstreamQuery } from './in-flight.js';
import type { StreamExchange } from './stream-exchange.js';
import { MAX_QUERY_BYTES, type Reading, readResponse, writeQuery } from './upstream-message.js';
import { HEADER_BYTES } from './wire.js';

/** Asks a forwarder over TCP; `onReading` is told once, null when no message came. */
export function askByStream(
  exchange: StreamExchange,
  server: Endpoint,
  query: UpstreamQuery,
  caps: TtlCaps,
  onReading: (reading: Reading | null) => void,
): AddResult {
  const id = randomInt(0x1_0000);
  const message = Buffer.allocUnsafe(MAX_QUERY_BYTES);
  const length = writeQuery(message, id, query.question.key, query.edns);
  const started = exchange.ask(server, message.subarray(0, length), (response) => {
    if (response === null) onReading(null);
    else onReading(isReplyTo(response, id) ? readResponse(response, query, caps) : 'unrelated');
  });
  return started ? 'added' : 'table-full';
}

function isReplyTo(response: Buffer, id: number): boolean {
  return response.length >= HEADER_BYTES && response.readUInt16BE(0) === id;
}
