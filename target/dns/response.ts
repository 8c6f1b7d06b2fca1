import { type Answer, ageRecord } from './answer.js';
import type { Echo } from './query.js';
import { FLAG, HEADER_BYTES, OPT_BYTES, RCODE_MASK, writeOpt } from './wire.js';

/**
 * Writes the response that carries `answer`, stored `ageSec` seconds ago, into `out` and returns its length,
 * at most `echo.maxBytes`: records that do not fit are left out whole and TC says so (RFC 2181 §9). `out` must
 * hold the largest message and an OPT record.
 */
export function writeAnswer(out: Buffer, echo: Echo, answer: Answer, ageSec: number): number {
  const questionEnd = writeQuestion(out, echo);
  const recordsEnd = questionEnd + out.write(answer.records, questionEnd, 'latin1');
  const limit = echo.maxBytes - (echo.edns ? OPT_BYTES : 0);
  const recordCount = answer.answerCount + answer.authorityCount;
  let end = questionEnd;
  let fitting = 0;
  while (fitting < recordCount) {
    const next = ageRecord(out, end, recordsEnd, ageSec);
    if (next > limit) break;
    end = next;
    fitting += 1;
  }
  const truncated = answer.truncated || fitting < recordCount;
  const answerCount = Math.min(fitting, answer.answerCount);
  writeHeader(out, echo, answer.rcode, truncated);
  out.writeUInt16BE(answerCount, 6);
  out.writeUInt16BE(fitting - answerCount, 8);
  return echo.edns ? writeOpt(out, end, answer.rcode) : end;
}

/** Writes a response without records and returns its length; its question section is left out when it was unreadable. */
export function writeError(out: Buffer, echo: Echo, rcode: number): number {
  const end = writeQuestion(out, echo);
  writeHeader(out, echo, rcode, false);
  out.writeUInt32BE(0, 6);
  return echo.edns ? writeOpt(out, end, rcode) : end;
}

function writeQuestion(out: Buffer, echo: Echo): number {
  return HEADER_BYTES + out.write(echo.question, HEADER_BYTES, 'latin1');
}

/** Header without the answer and authority counts. AA stays clear: nothing here is authoritative. */
function writeHeader(out: Buffer, echo: Echo, rcode: number, truncated: boolean): void {
  const flags = FLAG.response | FLAG.recursionAvailable | echo.flags | (rcode & RCODE_MASK);
  out.writeUInt16BE(echo.id, 0);
  out.writeUInt16BE(truncated ? flags | FLAG.truncated : flags, 2);
  out.writeUInt16BE(echo.question === '' ? 0 : 1, 4);
  out.writeUInt16BE(echo.edns ? 1 : 0, 10);
}
