import { systemClock } from '../../core/clock.js';
import type { LoadDriver, ProbeOutcome } from '../load-driver.js';
import type { DohPlan } from '../plan.js';
import { checkAnswer, describeWrongAnswer } from './dns-answer-check.js';
import { openDnsFlood } from './dns-flood.js';
import { encodeQuestion } from './dns-wire.js';
import { type DohOptions, openDohLanes } from './doh-lanes.js';
import type { DohTarget } from './doh-target.js';
import { type ProbeQuestion, probeQuestions } from './probe-question.js';

/** A question each at a time: enough for 6 000/s that take 5 ms each. */
const DEFAULT_HTTP1_CONNECTIONS = 32;

/** Opens a load of DNS questions over HTTP. */
export function openDoh(plan: DohPlan, target: DohTarget, log: (line: string) => void): Promise<LoadDriver> {
  const nextProbe = probeQuestions(plan);
  const { http, insecure = false, timeoutMs } = plan;
  const held = plan.connections ?? (http === '2' ? 1 : DEFAULT_HTTP1_CONNECTIONS);
  // A connection of HTTP/1.1 carries one question at a time.
  const connections = http === '2' ? held : Math.max(held, plan.outstanding ?? 0);
  let isLogged = false;
  const onConnectFailure = (reason: string): void => {
    if (!isLogged) log(`first failed connection to ${target.origin}: ${reason}`);
    isLogged = true;
  };
  const options: DohOptions = { http, insecure, connections, timeoutMs, onConnectFailure };
  return openDnsFlood(plan, {
    io: `http/${http}`,
    nowMs: systemClock.nowMs,
    openLanes: async (count, onMessage) => openDohLanes(target, count, onMessage, options),
    probe: (probeTimeoutMs) => probeDoh(target, nextProbe(), { ...options, timeoutMs: probeTimeoutMs }),
    log,
  });
}

/** Asks the target one question over a connection of its own, and checks the answer in full. */
export async function probeDoh(
  target: DohTarget,
  { expected, accepted }: ProbeQuestion,
  options: Omit<DohOptions, 'onConnectFailure'>,
): Promise<ProbeOutcome> {
  let deadline: NodeJS.Timeout | undefined;
  const where = `${target.origin}${target.path}`;
  const answer = await new Promise<Buffer | string>((resolve) => {
    const lanes = openDohLanes(target, 1, (_lane, message) => settle(Buffer.from(message)), {
      ...options,
      onConnectFailure: (reason) => settle(`${where}: ${reason}`),
    });
    const settle = (outcome: Buffer | string): void => {
      lanes.close();
      resolve(outcome);
    };
    deadline = setTimeout(
      () => settle(`no answer from ${where} within ${options.timeoutMs} ms`),
      options.timeoutMs,
    );
    lanes.send(0, encodeQuestion(0, expected.name, expected.type), () => undefined);
  });
  clearTimeout(deadline);
  if (typeof answer === 'string') return { ok: false, message: answer };
  const check = checkAnswer(answer, expected, accepted);
  return check === 'right'
    ? { ok: true, message: `${where} answered ${expected.name} over HTTP/${options.http}` }
    : { ok: false, message: `${where} ${describeWrongAnswer(answer, expected, check)}` };
}
