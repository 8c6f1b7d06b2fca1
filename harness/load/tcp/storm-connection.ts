import { connect, type Socket } from 'node:net';
import type { LoopbackAddress } from '../loopback-address.js';
import type { StormMode } from '../plan.js';
import type { StormConnection, StormListener } from './connection-storm.js';

/** Time between the bytes of a drip: within the idle timeout of any server that has one. */
export const DRIP_MS = 1000;

/** Any byte will do for a server that waits for more; this one begins no known protocol. */
const BYTE = Buffer.from([0]);

/** Opens a connection that behaves as its mode says, and is held until `untilMs` where the mode holds it. */
export function openStormConnection(
  to: LoopbackAddress,
  mode: StormMode,
  untilMs: number,
  { onReached, onFailure, onClose }: StormListener,
): StormConnection {
  const socket = connect({ host: to.host, port: to.port, noDelay: true, autoSelectFamily: false });
  let stands = false;
  let nextByteMs = Number.NEGATIVE_INFINITY;

  socket.on('connect', () => {
    stands = true;
    begin(socket, mode);
    onReached();
  });
  socket.on('error', (error) => {
    // Once it stands, an error is a way of closing: the target's right.
    if (!stands) onFailure(error);
  });
  socket.on('close', onClose);
  // What a server says unasked is read, so that its closing is seen.
  socket.resume();

  return {
    advance(nowMs) {
      if (!stands || socket.writableEnded) return;
      if (nowMs >= untilMs) {
        socket.end(() => socket.destroy());
      } else if (mode === 'drip' && nowMs >= nextByteMs) {
        nextByteMs = nowMs + DRIP_MS;
        socket.write(BYTE);
      }
    },
    close: () => socket.destroy(),
  };
}

function begin(socket: Socket, mode: StormMode): void {
  switch (mode) {
    case 'close':
      socket.end(() => socket.destroy());
      return;
    case 'reset':
      socket.resetAndDestroy();
      return;
    case 'one-byte':
      socket.write(BYTE);
      return;
    case 'silent':
    case 'drip':
      return;
  }
}
