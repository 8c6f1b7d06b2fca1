import { systemClock } from '../../core/clock.js';
import type { LoadDriver, ProbeOutcome } from '../load-driver.js';
import type { LoopbackAddress } from '../loopback-address.js';
import type { DohPlan } from '../plan.js';
import { checkAnswer, describeWrongAnswer } from './dns-answer-check.js';
import { openDnsFlood } from './dns-flood.js';
import { encodeQuestion } from './dns-wire.js';
import { type DohOptions, openDohLanes } from './doh-lanes.js';
import { type ProbeQuestion, probeQuestions } from './probe-question.js';
import { roundUpLanes } from './question-book.js';

const DEFAULT_PATH = '/dns-query';
/** A question each at a time: enough for 6 000/s that take 5 ms each. */
const DEFAULT_HTTP1_CONNECTIONS = 32;

/** Opens a load of DNS questions over HTTP. */
export function openDoh(
  plan: DohPlan,
  target: LoopbackAddress,
  log: (line: string) => void,
): Promise<LoadDriver> {
  const nextProbe = probeQuestions(plan);
  const { http, path = DEFAULT_PATH, tls = false, timeoutMs } = plan;
  const connections = plan.connections ?? (http === '2' ? 1 : DEFAULT_HTTP1_CONNECTIONS);
  const options: DohOptions = { http, path, tls, connections, timeoutMs };
  return openDnsFlood(plan, {
    io: `http/${http}`,
    nowMs: systemClock.nowMs,
    ...(http === '2' ? { lanes: roundUpLanes(connections) } : {}),
    openLanes: async (count, onMessage) => openDohLanes(target, count, onMessage, options),
    probe: (probeTimeoutMs) => probeDoh(target, nextProbe(), { ...options, timeoutMs: probeTimeoutMs }),
    log,
  });
}

/** Asks the target one question over a connection of its own, and checks the answer in full. */
export async function probeDoh(
  target: LoopbackAddress,
  { expected, accepted }: ProbeQuestion,
  options: DohOptions,
): Promise<ProbeOutcome> {
  let deadline: NodeJS.Timeout | undefined;
  const answer = await new Promise<Buffer | null>((resolve) => {
    const lanes = openDohLanes(target, 1, (_lane, message) => settle(Buffer.from(message)), options);
    const settle = (message: Buffer | null): void => {
      lanes.close();
      resolve(message);
    };
    deadline = setTimeout(() => settle(null), options.timeoutMs);
    lanes.send(0, encodeQuestion(0, expected.name, expected.type), () => undefined);
  });
  clearTimeout(deadline);
  const where = `${target.text}${options.path}`;
  if (answer === null)
    return { ok: false, message: `no answer from ${where} within ${options.timeoutMs} ms` };
  const check = checkAnswer(answer, expected, accepted);
  return check === 'right'
    ? { ok: true, message: `${where} answered ${expected.name} over HTTP/${options.http}` }
    : { ok: false, message: `${where} ${describeWrongAnswer(answer, expected, check)}` };
}
