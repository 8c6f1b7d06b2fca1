import type { Answer } from './answer.js';
import { readLowerName, skipName } from './name.js';
import { questionKey, typeOf } from './name-key.js';
import { ROOT } from './relevance.js';
import { splitRecords } from './split-records.js';
import { QUESTION_TAIL_BYTES, RECORD_HEAD_BYTES, TYPE } from './wire.js';

/** Priority, weight and port in front of the target of an SRV record (RFC 2782). */
const SRV_FRONT_BYTES = 6;

/**
 * True for an answer that may end in an alias whose target the upstream left for us to ask: it has records, and is
 * not to be cached. Negative answers with their SOA, and answers of the type asked for, are complete.
 */
export function isOpenChain(answer: Answer): boolean {
  return answer.rcode === 0 && answer.answerCount > 0 && answer.ttlSec === 0;
}

/**
 * The questions (see `Query.key`) that an answer leaves open: for the targets of its aliases about which it says
 * nothing itself, and for the addresses of the services that its SRV records name.
 */
export function openTargets(key: string, answer: Answer): readonly string[] {
  const type = typeOf(key);
  const mayNameServices = type === TYPE.SRV && answer.rcode === 0 && answer.additionalCount === 0;
  if (!mayNameServices && !isOpenChain(answer)) return [];
  if (type === TYPE.CNAME || type === TYPE.ANY) return [];
  const owners = new Set([key.slice(0, -QUESTION_TAIL_BYTES)]);
  const aliases = new Set<string>();
  const services = new Set<string>();
  for (const { type: own, bytes } of splitRecords(key, answer, 'owner-in-full')) {
    const record = Buffer.from(bytes, 'latin1');
    owners.add(readLowerName(record, 0));
    if (own === TYPE.CNAME) aliases.add(nameInData(record, 0));
    if (own === type && type === TYPE.SRV) services.add(nameInData(record, SRV_FRONT_BYTES));
  }
  const open = [...aliases]
    .filter((target) => !owners.has(target))
    .map((target) => questionKey(target, type));
  // RFC 2782: a client needs the addresses next. The root as a target means that there is no service.
  const named = [...services].filter((target) => target !== ROOT);
  return [...open, ...named.flatMap((name) => [questionKey(name, TYPE.A), questionKey(name, TYPE.AAAA)])];
}

/** The name in the data of a record that stands by itself, after so many bytes. */
function nameInData(record: Buffer, frontBytes: number): string {
  return readLowerName(record, skipName(record, 0, record.length) + RECORD_HEAD_BYTES + frontBytes);
}
