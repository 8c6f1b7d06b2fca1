import type { Socket } from 'node:dgram';

/** Datagrams that may wait for the kernel on one socket; more are dropped, as the network would. */
const MAX_QUEUED = 1000;

/**
 * One buffer to build datagrams in, and the sending of them without a copy, callback or timer. Node hands a
 * datagram to the kernel at once when it can; only when the kernel's buffer is full does it keep a reference, and
 * then the next datagram is built in a fresh buffer.
 */
export class PacketSender {
  /** Build the datagram here, from offset 0, right before `send`. */
  buffer: Buffer;

  constructor(bufferBytes: number) {
    this.buffer = Buffer.allocUnsafeSlow(bufferBytes);
  }

  /** Sends the first `length` bytes; false when the socket has too many waiting, and then nothing was sent. */
  send(socket: Socket, length: number, port?: number, address?: string): boolean {
    if (socket.getSendQueueCount() >= MAX_QUEUED) return false;
    // Send errors (an unreachable client) are not reported: without a callback Node drops them, as UDP may.
    if (port === undefined) socket.send(this.buffer, 0, length);
    else socket.send(this.buffer, 0, length, port, address);
    if (socket.getSendQueueCount() > 0) this.buffer = Buffer.allocUnsafeSlow(this.buffer.length);
    return true;
  }
}
