import { connect, type Socket } from 'node:net';
import { systemClock } from '../../core/clock.js';
import { arrivalsOf } from '../arrivals.js';
import { isOurFailure } from '../connect-failure.js';
import type { DohTarget } from '../dns/doh-target.js';
import { createGeneratorWatch } from '../generator-watch.js';
import { createLatencyRecorder } from '../latency-recorder.js';
import type { LoadDriver, LoadTick } from '../load-driver.js';
import { createOpenLoop, MAX_LATENESS_MS } from '../open-loop.js';
import type { LargeBodiesPlan } from '../plan.js';
import { probeTcp } from '../tcp-probe.js';

/** How often each upload sends its next piece. */
const PIECE_EVERY_MS = 50;
/** What a target that does not read may leave with us. */
const MAX_UNSENT_BYTES = 1024 * 1024;

/** One request whose body is on its way. */
interface Upload {
  readonly socket: Socket;
  readonly offeredMs: number;
  left: number;
}

/**
 * Opens a load of POST requests with bodies of many megabytes, sent at a steady pace. A request counts as answered when
 * the target has said anything to it, closed it, or let it come to its end: turning it away is what a target should do.
 * It counts as timed out when its connection does not stand in time.
 */
export async function openLargeBodies(plan: LargeBodiesPlan, target: DohTarget): Promise<LoadDriver> {
  const { nowMs } = systemClock;
  const latency = createLatencyRecorder(plan.timeoutMs + 2 * MAX_LATENESS_MS);
  const watch = createGeneratorWatch('http/1.1');
  const counts = { offered: 0, answered: 0, wrong: 0, errors: 0, timeouts: 0 };
  const piece = Buffer.alloc(Math.ceil((plan.bytesPerSec * PIECE_EVERY_MS) / 1000));
  const head = Buffer.from(
    `POST ${target.path} HTTP/1.1\r\nHost: ${target.authority}\r\nContent-Type: application/dns-message\r\n` +
      `Content-Length: ${plan.bodyBytes}\r\n\r\n`,
  );
  const connecting = new Map<Socket, number>();
  const uploads = new Set<Upload>();
  let unsent = 0;
  let pieces: NodeJS.Timeout | undefined;

  const offer = (intendedMs: number, now: number): void => {
    watch.recordScheduleError(now - intendedMs);
    const socket = connect({ host: target.host, port: target.port, noDelay: true, autoSelectFamily: false });
    connecting.set(socket, now + plan.timeoutMs);
    socket.on('connect', () => {
      if (!connecting.delete(socket)) return;
      counts.offered++;
      socket.write(head);
      const upload = { socket, offeredMs: intendedMs, left: plan.bodyBytes };
      uploads.add(upload);
      // Whatever it says ends the matter; a client that is turned away does not go on.
      socket.on('data', () => finish(upload));
      socket.on('close', () => finish(upload));
    });
    socket.on('error', (error) => {
      if (!connecting.delete(socket)) return;
      if (isOurFailure(error)) unsent++;
      else giveUp();
    });
  };
  const finish = (upload: Upload): void => {
    if (!uploads.delete(upload)) return;
    counts.answered++;
    latency.record(nowMs() - upload.offeredMs);
    upload.socket.destroy();
  };
  const giveUp = (): void => {
    counts.offered++;
    counts.timeouts++;
  };
  const expire = (now: number): void => {
    for (const [socket, deadlineMs] of connecting) {
      if (deadlineMs > now) return;
      connecting.delete(socket);
      socket.destroy();
      giveUp();
    }
  };
  const sendPieces = (): void => {
    for (const upload of uploads) {
      if (upload.socket.writableLength > MAX_UNSENT_BYTES) continue;
      upload.socket.write(piece.subarray(0, Math.min(piece.length, upload.left)));
      upload.left -= piece.length;
      if (upload.left <= 0) finish(upload);
    }
  };
  const loop = createOpenLoop(arrivalsOf(plan), { offer, expire, inFlight: () => connecting.size }, nowMs);
  const now = (latencyMs: LoadTick['latencyMs']): LoadTick => {
    const { intended, dropped } = loop.schedule();
    return {
      counters: { intended, ...counts, dropped: dropped + unsent },
      latencyMs,
      generator: watch.health(null),
    };
  };
  const endAll = (): void => {
    clearInterval(pieces);
    for (const socket of connecting.keys()) socket.destroy();
    for (const upload of [...uploads]) finish(upload);
  };

  return {
    start() {
      loop.start();
      watch.start();
      pieces = setInterval(sendPieces, PIECE_EVERY_MS);
    },
    async stop() {
      await loop.stop();
      endAll();
      return now(latency.total());
    },
    tick: () => now(latency.takeInterval()),
    probe: (timeoutMs) => probeTcp({ http: target.origin }, timeoutMs),
    close() {
      loop.close();
      endAll();
    },
  };
}
