import { randomInt } from 'node:crypto';
import type { TtlCaps } from './answer.js';
import type { AddResult, UpstreamQuery } from './in-flight.js';
import {
  forwarderForm,
  MAX_QUERY_BYTES,
  type Reading,
  readResponse,
  writeQuery,
} from './upstream-message.js';
import { HEADER_BYTES } from './wire.js';

/** Sends a message and takes the one that comes back, as `StreamExchange.ask` does. */
export type SendByStream = (message: Buffer, onResponse: (response: Buffer | null) => void) => boolean;

/** Asks a forwarder over TCP or HTTPS; `onReading` is told once, null when no message came. */
export function askByStream(
  send: SendByStream,
  query: UpstreamQuery,
  caps: TtlCaps,
  onReading: (reading: Reading | null) => void,
): AddResult {
  const id = randomInt(0x1_0000);
  const message = Buffer.allocUnsafe(MAX_QUERY_BYTES);
  const length = writeQuery(message, id, query.sent, forwarderForm(query.edns));
  const started = send(message.subarray(0, length), (response) => {
    if (response === null) onReading(null);
    else onReading(isReplyTo(response, id) ? readResponse(response, query, caps) : 'unrelated');
  });
  return started ? 'added' : 'table-full';
}

function isReplyTo(response: Buffer, id: number): boolean {
  return response.length >= HEADER_BYTES && response.readUInt16BE(0) === id;
}
