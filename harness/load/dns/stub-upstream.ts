import { systemClock } from '../../core/clock.js';
import type { StubUpstreamPlan } from '../upstream-plan.js';
import { createDelayLine } from './delay-line.js';
import { listenForTcp, type StubTcp } from './stub-tcp.js';
import { bindLoopbackSocket, type OpenUdpSocket, smallBufferNote } from './udp-socket.js';
import { createUpstreamBehaviour } from './upstream-behaviour.js';

/** A running upstream for the target to ask. */
export interface StubUpstream {
  /** `127.0.0.1:port`, the port chosen by the system; the same for UDP and TCP. */
  readonly address: string;
  /** Tells it that load begins or ends, which is when a planned outage does. */
  loadIs(on: boolean): void;
  /** Stops answering and releases the sockets; safe to call twice. */
  close(): void;
}

/** A port that is free for UDP may be taken for TCP; so many are tried. */
const PORT_TRIES = 16;

/**
 * Starts an authoritative DNS server over UDP and TCP on loopback that answers as `createUpstreamBehaviour` says,
 * late or not at all as planned.
 *
 * @param log receives a line when the kernel grants a small receive buffer
 * @throws HarnessError `usage` for a zone that is no DNS name; the socket's error when it cannot be bound
 */
export async function startStubUpstream(
  plan: StubUpstreamPlan,
  seed: number,
  log: (line: string) => void,
): Promise<StubUpstream> {
  const behave = createUpstreamBehaviour(plan, seed);
  let isDown = false;
  const answers = createDelayLine<() => void>(plan.latencyMs, (send) => send(), systemClock.nowMs);
  const serve = (query: Buffer, transport: 'udp' | 'tcp', answer: (message: Buffer) => void): void => {
    if (plan.silent || isDown) return;
    const message = behave(query, transport);
    if (message !== null) answers.push(() => answer(message));
  };

  const { udp, tcp } = await bindBoth((query, answer) => serve(query, 'tcp', answer));
  const { socket, recvBufferBytes } = udp;
  const note = smallBufferNote('stub upstream', recvBufferBytes);
  if (note !== null) log(note);
  socket.on('message', (query, from) =>
    serve(query, 'udp', (message) => socket.send(message, from.port, from.address)),
  );
  socket.on('error', (error) => log(`stub upstream: ${error.message}`));

  let open = true;
  return {
    address: `127.0.0.1:${socket.address().port}`,
    loadIs(on) {
      isDown = on && plan.outage === true;
    },
    close() {
      if (!open) return;
      open = false;
      answers.close();
      socket.close();
      tcp.close();
    },
  };
}

/** A UDP socket and a TCP server on the same free port. */
async function bindBoth(
  onQuery: (query: Buffer, answer: (message: Buffer) => void) => void,
): Promise<{ readonly udp: OpenUdpSocket; readonly tcp: StubTcp }> {
  for (let tries = 1; ; tries++) {
    const udp = await bindLoopbackSocket();
    try {
      return { udp, tcp: await listenForTcp(udp.socket.address().port, onQuery) };
    } catch (error) {
      udp.socket.close();
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!isTaken || tries === PORT_TRIES) throw error;
    }
  }
}
