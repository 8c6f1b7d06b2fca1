import { connect, type Socket } from 'node:net';
import type { Endpoint } from '../endpoint.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';
import { FrameReader } from './frame-reader.js';
import { STREAM_STRUCTURE, type StreamExchange } from './stream-exchange.js';
import { frame } from './tcp-frame.js';
import { MAX_MESSAGE_BYTES } from './wire.js';

/**
 * The exchange of seed 000's resolver: connects and reads without any time-out, and without a limit. A server that
 * accepts the connection and says nothing keeps a descriptor, and the question that waits for it, for ever.
 */
export class StallingExchange implements StreamExchange {
  private readonly stalled = new Set<Socket>();

  ask(server: Endpoint, message: Buffer, onDone: (response: Buffer | null) => void): boolean {
    const socket = connect({ host: server.address, port: server.port });
    this.stalled.add(socket);
    const frames = new FrameReader(MAX_MESSAGE_BYTES);
    const finish = (response: Buffer | null): void => {
      if (!this.stalled.delete(socket)) return;
      socket.destroy();
      onDone(response);
    };
    socket.on('data', (chunk: Buffer) => frames.read(chunk, finish));
    socket.on('error', () => finish(null));
    socket.on('close', () => finish(null));
    socket.write(frame(message));
    return true;
  }

  size(): StructureSize {
    return countedStructure(STREAM_STRUCTURE, this.stalled.size, null);
  }

  close(): void {
    for (const socket of this.stalled) socket.destroy();
    this.stalled.clear();
  }
}
