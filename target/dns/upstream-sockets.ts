import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type Endpoint, formatEndpoint, socketType } from '../endpoint.js';
import { reasonOf, StartError } from '../errors.js';
import type { Log } from '../ops/log.js';

/** Sockets per forwarder: with 16-bit ids they give a forger 2^20 combinations to guess from (RFC 5452 §4.5). */
export const SOCKETS_PER_FORWARDER = 16;

/** Called with each datagram and the number of the socket it came to. */
export type OnUpstreamMessage = (socket: number, message: Buffer) => void;

/**
 * Opens the fixed pool: `SOCKETS_PER_FORWARDER` sockets for each forwarder in turn, each connected to it, on a
 * source port that the system picks at random. The kernel drops what comes from any other address.
 * Throws `StartError` when a forwarder's address cannot be used from here.
 */
export async function openUpstreamSockets(
  forwarders: readonly Endpoint[],
  onMessage: OnUpstreamMessage,
  log: Log,
): Promise<Socket[]> {
  const sockets: Socket[] = [];
  try {
    for (const forwarder of forwarders) {
      for (let count = 0; count < SOCKETS_PER_FORWARDER; count += 1) {
        const number = sockets.length;
        const socket = createSocket({ type: socketType(forwarder), recvBufferSize: 1 << 20 });
        sockets.push(socket);
        const connected = once(socket, 'connect');
        socket.connect(forwarder.port, forwarder.address);
        await connected;
        socket.on('message', (message) => onMessage(number, message));
        // A refused port is reported here; the queries concerned run into their time-out and the next forwarder.
        socket.on('error', (error) => {
          log.warn('upstream-socket', `forwarder ${formatEndpoint(forwarder)}: ${reasonOf(error)}`);
        });
      }
    }
  } catch (error) {
    for (const socket of sockets) socket.close();
    throw new StartError(
      `[dns] forwarders: cannot reach out to the forwarders (${reasonOf(error)}); check their addresses and ulimit -n`,
    );
  }
  return sockets;
}
