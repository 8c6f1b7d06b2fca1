import type { Socket } from 'node:dgram';
import { type StructureSize, weighedStructure } from '../ops/structure.js';

/** What a waiting datagram costs besides its bytes: buffer, request and its place in the kernel interface's queue. */
const DATAGRAM_OVERHEAD_BYTES = 500;

/**
 * One buffer to build datagrams in, and the sending of them without a copy or timer. Node hands a datagram to the
 * kernel at once when it can. Only when the kernel's buffer is full does it keep a reference: the datagram that finds
 * it full keeps the whole buffer, and the next one is built in a fresh one; those that queue behind it are copied
 * at their exact length.
 */
export class PacketSender {
  /** Build the datagram here, from offset 0, right before `send`. */
  buffer: Buffer;
  private readonly maxQueuedBytes: number;

  /** `maxQueuedBytes` bounds what may wait for the kernel on one socket; beyond it datagrams are dropped, as the network would. */
  constructor(bufferBytes: number, maxQueuedBytes: number) {
    this.buffer = Buffer.allocUnsafeSlow(bufferBytes);
    this.maxQueuedBytes = maxQueuedBytes;
  }

  /** Sends the first `length` bytes to a client; false when the socket has too much waiting, and then nothing was sent. */
  sendTo(socket: Socket, length: number, port: number, address: string): boolean {
    if (!this.hasRoom(socket, length)) return false;
    // Send errors (an unreachable client) are not reported: without a callback Node drops them, as UDP may.
    const packet = this.take(socket, length);
    socket.send(packet, 0, length, port, address);
    this.renewIfKept(socket, packet);
    return true;
  }

  /** As `sendTo`, on a connected socket. `onSent` is told of an error that the socket had pending, say from the datagram before. */
  sendConnected(socket: Socket, length: number, onSent: (error: Error | null) => void): boolean {
    if (!this.hasRoom(socket, length)) return false;
    const packet = this.take(socket, length);
    socket.send(packet, 0, length, onSent);
    this.renewIfKept(socket, packet);
    return true;
  }

  /** What waits for the kernel on these sockets, for `/health`. */
  size(name: string, sockets: readonly Socket[]): StructureSize {
    let datagrams = 0;
    let bytes = 0;
    for (const socket of sockets) {
      datagrams += socket.getSendQueueCount();
      bytes += queuedBytes(socket);
    }
    return weighedStructure(name, datagrams, bytes, sockets.length * this.maxQueuedBytes);
  }

  private hasRoom(socket: Socket, length: number): boolean {
    return queuedBytes(socket) + length + DATAGRAM_OVERHEAD_BYTES <= this.maxQueuedBytes;
  }

  private take(socket: Socket, length: number): Buffer {
    if (socket.getSendQueueCount() === 0) return this.buffer;
    const copy = Buffer.allocUnsafeSlow(length);
    this.buffer.copy(copy);
    return copy;
  }

  private renewIfKept(socket: Socket, packet: Buffer): void {
    if (packet === this.buffer && socket.getSendQueueCount() > 0) {
      this.buffer = Buffer.allocUnsafeSlow(this.buffer.length);
    }
  }
}

function queuedBytes(socket: Socket): number {
  const datagrams = socket.getSendQueueCount();
  return datagrams === 0 ? 0 : socket.getSendQueueSize() + datagrams * DATAGRAM_OVERHEAD_BYTES;
}
