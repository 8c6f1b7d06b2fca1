import { hash32, seededRandom } from '../../core/random.js';
import type { StubUpstreamPlan } from '../upstream-plan.js';
import { aliasAnswer } from './alias-answer.js';
import { churnedAnswer } from './churned-answer.js';
import { HEADER_BYTES } from './dns-wire.js';
import { PROBE_PREFIX } from './synthetic-answers.js';
import { createZoneResponder } from './zone-responder.js';

/** What the upstream says to a query, as its plan has it; null: nothing. */
export type UpstreamBehaviour = (query: Buffer, transport: 'udp' | 'tcp') => Buffer | null;

const TWO_TO_32 = 2 ** 32;
/** Keep the choices of names independent of each other, and of their addresses, which come from the same hash. */
const LOSS_SALT = 0x6c6f7373;
const TRUNCATION_SALT = 0x74727563;
const STALL_SALT = 0x7374616c;
const FLAG_TRUNCATED = 0x0200;
/** Type and class behind the name of a question. */
const QUESTION_TAIL_BYTES = 4;

/**
 * The stub upstream without its sockets. Names that the target's service is probed with are answered plainly whatever
 * the plan, unless all are in silence: they tell of the target, not of its upstream. What becomes of any other name is decided by
 * seed and name alone, so that a retry fares no better.
 *
 * @throws HarnessError `usage` for a zone that is no DNS name
 */
export function createUpstreamBehaviour(plan: StubUpstreamPlan, seed: number): UpstreamBehaviour {
  const { loss, truncated = 0, stalled = 0, aliases = 0, churn = false, ttlSec } = plan;
  const respond = createZoneResponder(plan);
  const random = seededRandom(seed);
  const isAmong = (name: string, share: number, salt: number): boolean =>
    share > 0 && hash32(name, seed ^ salt) / TWO_TO_32 < share;

  return (query, transport) => {
    const reply = respond(query);
    if (reply === null) return null;
    const { name, message } = reply;
    if (name === null || name.startsWith(PROBE_PREFIX)) return message;
    if (isAmong(name, loss, LOSS_SALT)) return null;
    if (transport === 'tcp' && isAmong(name, stalled, STALL_SALT)) return null;
    const questionEnd = HEADER_BYTES + nameBytes(message) + QUESTION_TAIL_BYTES;
    if (transport === 'udp' && isAmong(name, truncated, TRUNCATION_SALT))
      return cutShort(message, questionEnd);
    if (aliases > 0) return aliasAnswer(message, questionEnd, aliases, ttlSec) ?? message;
    return churn ? churnedAnswer(message, questionEnd, ttlSec, random) : message;
  };
}

/** Length of the question's name, the root's byte included. */
function nameBytes(message: Buffer): number {
  let at = HEADER_BYTES;
  for (let length = message[at] ?? 0; length !== 0; length = message[at] ?? 0) at += 1 + length;
  return at + 1 - HEADER_BYTES;
}

/** The head and the question of an answer, with TC: what the records are is to be asked over TCP (RFC 2181 §9). */
function cutShort(message: Buffer, questionEnd: number): Buffer {
  const head = Buffer.from(message.subarray(0, questionEnd));
  head.writeUInt16BE(head.readUInt16BE(2) | FLAG_TRUNCATED, 2);
  head.fill(0, 6, HEADER_BYTES);
  return head;
}
