import { randomInt } from 'node:crypto';
import { connect } from 'node:net';
import type { ProbeOutcome } from '../load-driver.js';
import type { LoopbackAddress } from '../loopback-address.js';
import { checkAnswer, describeWrongAnswer } from './dns-answer-check.js';
import { encodeQuestion } from './dns-wire.js';
import type { ProbeQuestion } from './probe-question.js';
import { createFrameReader, frame } from './tcp-frames.js';

/** Asks the target one question over a connection of its own, and checks the answer in full. */
export async function probeDnsTcp(
  target: LoopbackAddress,
  { expected, accepted }: ProbeQuestion,
  timeoutMs: number,
): Promise<ProbeOutcome> {
  const id = randomInt(0x10000);
  const socket = connect({ host: target.host, port: target.port, autoSelectFamily: false });
  try {
    return await new Promise<ProbeOutcome>((resolve) => {
      const fail = (what: string): void => resolve({ ok: false, message: `${target.text} ${what}` });
      socket.setTimeout(timeoutMs, () => fail(`gave no answer over TCP within ${timeoutMs} ms`));
      socket.on('error', (error) => fail(`failed over TCP: ${error.message}`));
      socket.on('close', () => fail('closed the TCP connection without an answer'));
      socket.on('connect', () => socket.write(frame(encodeQuestion(id, expected.name, expected.type))));
      socket.on(
        'data',
        createFrameReader((answer) => {
          if (answer.length < 2 || answer.readUInt16BE(0) !== id) return;
          const check = checkAnswer(answer, expected, accepted);
          if (check === 'right')
            resolve({ ok: true, message: `${target.text} answered ${expected.name} over TCP` });
          else fail(describeWrongAnswer(answer, expected, check));
        }),
      );
    });
  } finally {
    socket.destroy();
  }
}
