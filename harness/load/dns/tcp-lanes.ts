import { connect, type Socket } from 'node:net';
import type { LoopbackAddress } from '../loopback-address.js';
import type { LaneListener, QuestionLanes } from './question-lanes.js';
import { createFrameReader, frame } from './tcp-frames.js';

/** What a target that does not read may leave with us; further questions to it are thrown away and time out. */
const MAX_UNREAD_BYTES = 1024 * 1024;
/** A target that is down is called again this often. */
const RECONNECT_MS = 200;

interface TcpLane {
  send(message: Buffer): void;
  close(): void;
}

/**
 * Lanes over long-lived TCP connections that carry many questions at once and take answers in any order (RFC 7766
 * §6.2.1, §7). A connection is opened with its first question, so that it never stands idle, and again after the target
 * has closed it; what was asked on the one before gets no answer and times
 * out, as do questions to a target that is down or does not read: that is its doing, not the driver's.
 */
export function openTcpLanes(to: LoopbackAddress, count: number, onMessage: LaneListener): QuestionLanes {
  const lanes = Array.from({ length: count }, (_, lane) =>
    openLane(to, (message) => onMessage(lane, message)),
  );
  return {
    send(lane, message, done) {
      lanes[lane]?.send(message);
      done(true);
    },
    kernelDrops: () => null,
    close() {
      for (const lane of lanes) lane.close();
    },
  };
}

function openLane(target: LoopbackAddress, onMessage: (message: Buffer) => void): TcpLane {
  let socket: Socket | null = null;
  let retryAtMs = Number.NEGATIVE_INFINITY;
  let closed = false;

  const open = (): Socket => {
    const opened = connect({ host: target.host, port: target.port, noDelay: true, autoSelectFamily: false });
    socket = opened;
    opened.on('data', createFrameReader(onMessage));
    // What went wrong is told by "close", which follows.
    opened.on('error', () => undefined);
    opened.on('close', () => {
      socket = null;
      retryAtMs = performance.now() + RECONNECT_MS;
    });
    return opened;
  };

  return {
    send(message) {
      if (closed || (socket === null && performance.now() < retryAtMs)) return;
      const to = socket ?? open();
      if (to.writableLength > MAX_UNREAD_BYTES) return;
      // Questions of one turn of the event loop leave in one write.
      if (to.writableCorked === 0) {
        to.cork();
        setImmediate(() => to.uncork());
      }
      to.write(frame(message));
    },
    close() {
      closed = true;
      socket?.destroy();
    },
  };
}
