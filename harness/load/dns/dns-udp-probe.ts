import { randomInt } from 'node:crypto';
import type { ProbeOutcome } from '../load-driver.js';
import type { LoopbackAddress } from '../loopback-address.js';
import { checkAnswer, describeWrongAnswer, type Expectation } from './dns-answer-check.js';
import { encodeQuestion } from './dns-wire.js';
import { formatIpv4 } from './synthetic-answers.js';
import { connectUdpSocket } from './udp-socket.js';

/** A datagram may be lost without the target being at fault. */
const TRIES = 3;

/**
 * Asks the target one question on a socket of its own, again after a third of the time, and checks the first
 * answer in full. Only silence is asked again: a wrong answer is the result.
 */
export async function probeDnsUdp(
  target: LoopbackAddress,
  expected: Expectation,
  accepted: ReadonlySet<number>,
  timeoutMs: number,
): Promise<ProbeOutcome> {
  const { socket } = await connectUdpSocket(target);
  const id = randomInt(0x10000);
  const question = encodeQuestion(id, expected.name, expected.type);
  let retry: NodeJS.Timeout | undefined;
  let deadline: NodeJS.Timeout | undefined;
  let refused = false;
  try {
    return await new Promise<ProbeOutcome>((resolve) => {
      const noteRefusal = (error: Error | null): void => {
        if (error !== null) refused = true;
      };
      socket.on('error', noteRefusal);
      socket.on('message', (message) => {
        if (message.length < 2 || message.readUInt16BE(0) !== id) return;
        const check = checkAnswer(message, expected, accepted);
        resolve(
          check === 'right'
            ? { ok: true, message: `${target.text} answered ${describeRight(expected)}` }
            : { ok: false, message: `${target.text} ${describeWrongAnswer(message, expected, check)}` },
        );
      });
      let tries = 0;
      const send = (): void => {
        if (tries++ < TRIES) socket.send(question, noteRefusal);
      };
      send();
      retry = setInterval(send, timeoutMs / TRIES);
      deadline = setTimeout(() => {
        const why = refused ? ' (nothing listens there)' : '';
        resolve({ ok: false, message: `no answer from ${target.text} within ${timeoutMs} ms${why}` });
      }, timeoutMs);
    });
  } finally {
    clearInterval(retry);
    clearTimeout(deadline);
    socket.close();
  }
}

function describeRight({ name, address }: Expectation): string {
  return address === null ? name : `${formatIpv4(address)} for ${name}`;
}
