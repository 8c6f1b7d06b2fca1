import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { LoopbackAddress } from '../loopback-address.js';

/** Asked for on every socket: the usual 208 KiB hold 256 datagrams, which is 13 ms at 20 000/s. */
export const RECV_BUFFER_BYTES = 4 * 1024 * 1024;

/** A socket together with the receive buffer that the kernel granted it. */
export interface OpenUdpSocket {
  readonly socket: Socket;
  /** Bytes as read back; Linux reports twice what it grants, and grants at most `net.core.rmem_max`. */
  readonly recvBufferBytes: number;
}

function withLargeBuffer(socket: Socket): OpenUdpSocket {
  socket.setRecvBufferSize(RECV_BUFFER_BYTES);
  return { socket, recvBufferBytes: socket.getRecvBufferSize() };
}

/** Waits for what `begin` leads to; with the resolver below it can come before `begin` returns. */
async function opened(
  socket: Socket,
  event: 'listening' | 'connect',
  begin: () => void,
): Promise<OpenUdpSocket> {
  try {
    const happened = once(socket, event);
    begin();
    await happened;
    return withLargeBuffer(socket);
  } catch (error) {
    socket.close();
    throw error;
  }
}

/** A socket on a free port of 127.0.0.1. */
export function bindLoopbackSocket(): Promise<OpenUdpSocket> {
  const socket = createSocket({
    type: 'udp4',
    // Peers are given as addresses: the default resolver would cost a turn of the event loop per answer.
    lookup: (address, _options, done) => done(null, address, 4),
  });
  return opened(socket, 'listening', () => socket.bind(0, '127.0.0.1'));
}

/** A socket that sends to one address and, by the kernel's doing, hears from no other. */
export function connectUdpSocket(to: LoopbackAddress): Promise<OpenUdpSocket> {
  const socket = createSocket(to.family === 4 ? 'udp4' : 'udp6');
  return opened(socket, 'connect', () => socket.connect(to.port, to.host));
}

/** One line for the log when the kernel granted less than was asked for; null when all is well. */
export function smallBufferNote(owner: string, recvBufferBytes: number): string | null {
  if (recvBufferBytes >= RECV_BUFFER_BYTES) return null;
  return (
    `${owner}: receive buffer of ${recvBufferBytes} bytes instead of ${RECV_BUFFER_BYTES}; ` +
    'answers can be lost in bursts (raise net.core.rmem_max)'
  );
}
