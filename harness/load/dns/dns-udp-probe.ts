import { randomInt } from 'node:crypto';
import type { ProbeOutcome } from '../load-driver.js';
import type { LoopbackAddress } from '../loopback-address.js';
import { checkAnswer, describeWrongAnswer } from './dns-answer-check.js';
import { encodeQuestion, RCODE, TYPE } from './dns-wire.js';
import { formatIpv4, ipv4NumberOf } from './synthetic-answers.js';
import { connectUdpSocket } from './udp-socket.js';

/** A datagram may be lost without the target being at fault. */
const TRIES = 3;
const NOERROR_ONLY: ReadonlySet<number> = new Set([RCODE.NOERROR]);

/**
 * Asks the target for `name A` on a socket of its own, again after a third of the time, and checks the first
 * answer in full. Only silence is asked again: a wrong answer is the result.
 */
export async function probeDnsUdp(
  target: LoopbackAddress,
  name: string,
  timeoutMs: number,
): Promise<ProbeOutcome> {
  const { socket } = await connectUdpSocket(target);
  const id = randomInt(0x10000);
  const question = encodeQuestion(id, name, TYPE.A);
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
        const check = checkAnswer(message, name, NOERROR_ONLY);
        resolve(
          check === 'right'
            ? { ok: true, message: `${target.text} answered ${formatIpv4(ipv4NumberOf(name))} for ${name}` }
            : { ok: false, message: `${target.text} ${describeWrongAnswer(message, name, check)}` },
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
