import { readQuestionKey } from './query.js';
import { FLAG, HEADER_BYTES, RCODE, RCODE_MASK } from './wire.js';

/**
 * What a message has to do with a question that was asked: nothing; an error without the question, of a server that could
 * not read it; the question in letters of another case than it was sent in; or just that question.
 */
export type QuestionMatch = 'unrelated' | 'bare-error' | 'other-case' | 'same';

/**
 * Compares a message of at least `HEADER_BYTES` with the question `key`, which was `sent` in letters of any case: RFC 5452
 * §9.1, a response to exactly this question.
 */
export function matchQuestion(message: Buffer, key: string, sent: string): QuestionMatch {
  const flags = message.readUInt16BE(2);
  if ((flags & FLAG.response) === 0) return 'unrelated';
  const questions = message.readUInt16BE(4);
  if (questions === 0 && (flags & RCODE_MASK) !== RCODE.noError) return 'bare-error';
  if (questions !== 1 || readQuestionKey(message) !== key) return 'unrelated';
  // Sent in lower case any case will do: some servers write the name as their zone file has it.
  const isAsSent =
    sent === key || message.toString('latin1', HEADER_BYTES, HEADER_BYTES + key.length) === sent;
  return isAsSent ? 'same' : 'other-case';
}

/** True for the answer of a server that takes no OPT record, to a query that had one. */
export function isEdnsRefusal(message: Buffer, edns: boolean): boolean {
  const rcode = message.readUInt16BE(2) & RCODE_MASK;
  return edns && (rcode === RCODE.formErr || rcode === RCODE.notImp);
}
