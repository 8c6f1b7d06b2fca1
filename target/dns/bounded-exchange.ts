import { connect, type Socket } from 'node:net';
import type { Endpoint } from '../endpoint.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';
import { FrameReader } from './frame-reader.js';
import { STREAM_STRUCTURE, type StreamExchange } from './stream-exchange.js';
import { frame } from './tcp-frame.js';
import { MAX_MESSAGE_BYTES } from './wire.js';

/** Settings of the exchange. */
export interface ExchangeOptions {
  /** From connecting to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Largest number of open connections. */
  readonly limit: number;
}

/**
 * The node's exchange: a connection for each message, bounded in number, and each in time as a whole, so that a
 * server that accepts and says nothing, or sends a byte at a time, costs a connection for `timeoutMs` and no more.
 */
export class BoundedExchange implements StreamExchange {
  private readonly options: ExchangeOptions;
  private readonly sockets = new Map<Socket, NodeJS.Timeout>();

  constructor(options: ExchangeOptions) {
    this.options = options;
  }

  ask(server: Endpoint, message: Buffer, onDone: (response: Buffer | null) => void): boolean {
    if (this.sockets.size >= this.options.limit) return false;
    const socket = connect({ host: server.address, port: server.port, noDelay: true });
    const frames = new FrameReader(MAX_MESSAGE_BYTES);
    const finish = (response: Buffer | null): void => {
      if (this.release(socket)) onDone(response);
    };
    this.sockets.set(
      socket,
      setTimeout(() => finish(null), this.options.timeoutMs),
    );
    socket.on('data', (chunk: Buffer) => frames.read(chunk, finish));
    socket.on('error', () => finish(null));
    socket.on('close', () => finish(null));
    socket.write(frame(message));
    return true;
  }

  size(): StructureSize {
    return countedStructure(STREAM_STRUCTURE, this.sockets.size, this.options.limit);
  }

  close(): void {
    for (const socket of [...this.sockets.keys()]) this.release(socket);
  }

  /** Closes the connection; false when that was done before. */
  private release(socket: Socket): boolean {
    clearTimeout(this.sockets.get(socket));
    if (!this.sockets.delete(socket)) return false;
    socket.destroy();
    return true;
  }
}
