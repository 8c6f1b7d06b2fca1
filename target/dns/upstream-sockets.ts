import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { socketType } from '../endpoint.js';
import { reasonOf, StartError } from '../errors.js';
import type { ForwarderAddress } from './forwarder-options.js';

/** Sockets per forwarder: with 16-bit ids they give a forger 2^20 combinations to guess from (RFC 5452 §4.5). */
export const SOCKETS_PER_FORWARDER = 16;

/** Told of what happens on the sockets, by their number. */
export interface UpstreamListener {
  onMessage(socket: number, message: Buffer): void;
  /** The socket reports an error of an earlier datagram: a refused port, an unreachable network. */
  onError(socket: number, error: Error): void;
}

/** System errors that mean that nothing sent on the socket reaches the forwarder; others concern one datagram at most. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'EACCES',
  'EPERM',
]);

/** True when the forwarder cannot be reached at present, so that waiting for it is of no use. */
export function isUnreachable(error: Error): boolean {
  return UNREACHABLE.has(reasonOf(error));
}

/**
 * Opens the fixed pool: `SOCKETS_PER_FORWARDER` sockets for each forwarder that is asked by UDP, each connected to it, on a
 * source port that the system picks at random. The kernel drops what comes from any other
 * address. The number of a socket tells the forwarder, see `forwarderOf`.
 * Throws `StartError` when a forwarder's address cannot be used from here.
 */
export async function openUpstreamSockets(
  forwarders: readonly ForwarderAddress[],
  listener: UpstreamListener,
): Promise<ReadonlyMap<number, Socket>> {
  const sockets = new Map<number, Socket>();
  try {
    for (const [index, forwarder] of forwarders.entries()) {
      if (forwarder.transport !== 'udp') continue;
      for (let count = 0; count < SOCKETS_PER_FORWARDER; count += 1) {
        const number = index * SOCKETS_PER_FORWARDER + count;
        const socket = createSocket({ type: socketType(forwarder), recvBufferSize: 1 << 20 });
        sockets.set(number, socket);
        const connected = once(socket, 'connect');
        socket.connect(forwarder.port, forwarder.address);
        await connected;
        socket.on('message', (message) => listener.onMessage(number, message));
        socket.on('error', (error) => listener.onError(number, error));
      }
    }
  } catch (error) {
    for (const socket of sockets.values()) socket.close();
    throw new StartError(
      `[dns] forwarders: cannot reach out to the forwarders (${reasonOf(error)}); check their addresses and ulimit -n`,
    );
  }
  return sockets;
}

/** The forwarder to which a socket of the pool is connected. */
export function forwarderOf(socket: number): number {
  return Math.floor(socket / SOCKETS_PER_FORWARDER);
}
