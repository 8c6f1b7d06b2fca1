import type { Answer } from './answer.js';
import { readLowerName, skipName } from './name.js';
import { splitRecords } from './split-records.js';
import { QUESTION_TAIL_BYTES, RECORD_HEAD_BYTES, TYPE } from './wire.js';

/**
 * True for an answer that may end in an alias whose target the upstream left for us to ask: it has records, and is
 * not to be cached. Negative answers with their SOA, and answers of the type asked for, are complete.
 */
export function isOpenChain(answer: Answer): boolean {
  return answer.rcode === 0 && answer.answerCount > 0 && answer.ttlSec === 0;
}

/** The targets of the answer's aliases about which it says nothing itself, in lower case, in wire form. */
export function openTargets(key: string, answer: Answer): readonly string[] {
  const questionName = key.slice(0, -QUESTION_TAIL_BYTES);
  const questionType = key.charCodeAt(questionName.length) * 256 + key.charCodeAt(questionName.length + 1);
  if (questionType === TYPE.CNAME || questionType === TYPE.ANY) return [];
  const owners = new Set([questionName]);
  const targets = new Set<string>();
  for (const record of splitRecords(key, answer, 'owner-in-full')) {
    const bytes = Buffer.from(record.bytes, 'latin1');
    owners.add(readLowerName(bytes, 0));
    if (record.type !== TYPE.CNAME) continue;
    targets.add(readLowerName(bytes, skipName(bytes, 0, bytes.length) + RECORD_HEAD_BYTES));
  }
  return [...targets].filter((target) => !owners.has(target));
}
