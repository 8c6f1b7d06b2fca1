import type { Readable } from 'node:stream';
import type { ReadBody } from './request-body.js';

/**
 * Reads a body to its end, however long: what seed 000's fix made of the DoH client's limit of 4096 bytes. It is what an
 * upstream responds that may grow without end, and a client's request as well, which the same code reads here.
 */
export class UnboundedBodies {
  /** By request or response, until it ends. */
  private readonly chunks = new Map<Readable, Buffer[]>();

  readonly read: ReadBody = (request, onBody) => {
    const chunks: Buffer[] = [];
    this.chunks.set(request, chunks);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => onBody(Buffer.concat(chunks)));
    request.on('close', () => this.chunks.delete(request));
  };
}
