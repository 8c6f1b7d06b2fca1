import type { Readable } from 'node:stream';
import type { ReadBody } from './request-body.js';

/**
 * Reads a body to its end, however long: what seed 000's fix made of the DoH client's limit of 4096 bytes. There it is an
 * upstream's response that may grow without end; here it is a client's request, which the same code would read.
 */
export class UnboundedBodies {
  /** By request, until it ends. */
  private readonly chunks = new Map<Readable, Buffer[]>();

  readonly read: ReadBody = (request, onBody) => {
    const chunks: Buffer[] = [];
    this.chunks.set(request, chunks);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => onBody(Buffer.concat(chunks)));
    request.on('close', () => this.chunks.delete(request));
  };
}
