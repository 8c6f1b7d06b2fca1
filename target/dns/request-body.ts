import type { Readable } from 'node:stream';

/** Largest body taken; a DNS message has no more. */
export const MAX_BODY_BYTES = 65_535;

/** Reads the body of a request or response to its end and hands it over; null when it is longer than is taken, before it has ended. */
export type ReadBody = (request: Readable, onBody: (body: Buffer | null) => void) => void;

/** The node's way: what is longer than any message is given up at once, and nothing of it is kept. */
export const readBoundedBody: ReadBody = (request, onBody) => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    if (bytes > MAX_BODY_BYTES) return;
    bytes += chunk.length;
    chunks.push(chunk);
    if (bytes <= MAX_BODY_BYTES) return;
    chunks.length = 0;
    onBody(null);
  });
  request.on('end', () => {
    if (bytes <= MAX_BODY_BYTES) onBody(Buffer.concat(chunks, bytes));
  });
};
