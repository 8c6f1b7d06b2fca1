import { systemClock } from '../../core/clock.js';
import { hash32 } from '../../core/random.js';
import type { StubUpstreamPlan } from '../plan.js';
import { createDelayLine } from './delay-line.js';
import { PROBE_PREFIX } from './synthetic-answers.js';
import { bindLoopbackSocket, smallBufferNote } from './udp-socket.js';
import { createZoneResponder } from './zone-responder.js';

/** A running upstream for the target to ask. */
export interface StubUpstream {
  /** `127.0.0.1:port`, the port chosen by the system. */
  readonly address: string;
  /** Stops answering and releases the socket; safe to call twice. */
  close(): void;
}

const TWO_TO_32 = 2 ** 32;
/** Keeps the choice of lost names independent of their addresses, which come from the same hash. */
const LOSS_SALT = 0x6c6f7373;

/** Whether a name never gets an answer: decided by seed and name alone, so that a retry fares no better. */
function isLost(name: string, loss: number, seed: number): boolean {
  return !name.startsWith(PROBE_PREFIX) && hash32(name, seed ^ LOSS_SALT) / TWO_TO_32 < loss;
}

/**
 * Starts an authoritative DNS server over UDP on loopback that answers as `createZoneResponder` says, late,
 * not always or not at all as planned.
 *
 * @param log receives a line when the kernel grants a small receive buffer
 * @throws HarnessError `usage` for a zone that is no DNS name; the socket's error when it cannot be bound
 */
export async function startStubUpstream(
  plan: StubUpstreamPlan,
  seed: number,
  log: (line: string) => void,
): Promise<StubUpstream> {
  const respond = createZoneResponder(plan);
  const { socket, recvBufferBytes } = await bindLoopbackSocket();
  const note = smallBufferNote('stub upstream', recvBufferBytes);
  if (note !== null) log(note);

  const answers = createDelayLine<{ message: Buffer; port: number; host: string }>(
    plan.latencyMs,
    ({ message, port, host }) => socket.send(message, port, host),
    systemClock.nowMs,
  );
  socket.on('message', (query, from) => {
    if (plan.silent) return;
    const reply = respond(query);
    if (reply === null || (reply.name !== null && isLost(reply.name, plan.loss, seed))) return;
    answers.push({ message: reply.message, port: from.port, host: from.address });
  });
  socket.on('error', (error) => log(`stub upstream: ${error.message}`));

  let open = true;
  return {
    address: `127.0.0.1:${socket.address().port}`,
    close() {
      if (!open) return;
      open = false;
      answers.close();
      socket.close();
    },
  };
}
