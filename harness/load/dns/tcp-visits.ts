import { connect, type Socket } from 'node:net';
import { isOurFailure } from '../connect-failure.js';
import type { LoopbackAddress } from '../loopback-address.js';
import type { LaneListener, QuestionLanes } from './question-lanes.js';
import { createFrameReader, frame } from './tcp-frames.js';

export interface VisitOptions {
  /** Most connections at a time; questions beyond them are not sent. */
  readonly connections: number;
  readonly close: 'fin' | 'rst';
  /** A visit is over after this long, answered or not. */
  readonly timeoutMs: number;
}

/**
 * Lanes whose every question takes a connection of its own: connect, ask, read one answer, close. Only what comes
 * on its connection can be a question's answer.
 */
export function openTcpVisits(
  to: LoopbackAddress,
  onMessage: LaneListener,
  { connections, close, timeoutMs }: VisitOptions,
): QuestionLanes {
  const open = new Set<Socket>();

  const visit = (lane: number, message: Buffer, done: (sent: boolean) => void): void => {
    const id = message.readUInt16BE(0);
    const socket = connect({ host: to.host, port: to.port, noDelay: true, autoSelectFamily: false });
    open.add(socket);
    let pending = true;
    const settle = (sent: boolean): void => {
      if (pending) done(sent);
      pending = false;
    };
    const leave = (): void => {
      open.delete(socket);
      if (close === 'rst') socket.resetAndDestroy();
      else socket.end(() => socket.destroy());
    };
    socket.setTimeout(timeoutMs, () => socket.destroy());
    socket.on('connect', () => {
      settle(true);
      socket.write(frame(message));
    });
    socket.on(
      'data',
      createFrameReader((answer) => {
        if (answer.length < 2 || answer.readUInt16BE(0) !== id || !open.has(socket)) return;
        onMessage(lane, answer);
        leave();
      }),
    );
    socket.on('error', (error) => settle(!isOurFailure(error)));
    socket.on('close', () => {
      settle(true);
      open.delete(socket);
    });
  };

  return {
    send(lane, message, done) {
      if (open.size >= connections) done(false);
      else visit(lane, message, done);
    },
    kernelDrops: () => null,
    close() {
      for (const socket of open) socket.destroy();
    },
  };
}
