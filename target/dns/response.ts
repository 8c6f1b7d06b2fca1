import { type Answer, ageRecord, skipRecord } from './answer.js';
import { MALFORMED } from './name.js';
import type { Echo } from './query.js';
import { ADVERTISED_PAYLOAD_BYTES, FLAG, HEADER_BYTES, OPT_BYTES, RCODE_MASK, writeOpt } from './wire.js';

/**
 * Writes the response that carries `answer`, stored `ageSec` seconds ago, into `out` and returns its length, at most
 * `echo.maxBytes`. TC is set when a needed record does not fit (an answer, or the SOA of a negative answer), and
 * then the whole records before it are sent. The other records are left out without TC
 * when they do not all fit, so that no part of a record set passes for the whole (RFC 2181 §9).
 */
export function writeAnswer(out: Buffer, echo: Echo, answer: Answer, ageSec: number): number {
  const questionEnd = writeQuestion(out, echo);
  const limit = echo.maxBytes - (echo.edns ? OPT_BYTES : 0);
  const recordsEnd = questionEnd + out.write(answer.records, questionEnd, limit - questionEnd, 'latin1');
  const recordCount = answer.answerCount + answer.authorityCount + answer.additionalCount;
  let end = questionEnd;
  let fitting = 0;
  let neededEnd = questionEnd;
  while (fitting < recordCount) {
    const next = skipRecord(out, end, recordsEnd);
    if (next === MALFORMED) break;
    if (ageSec > 0) ageRecord(out, end, next, ageSec);
    end = next;
    fitting += 1;
    if (fitting === answer.neededCount) neededEnd = end;
  }
  const truncated = fitting < answer.neededCount;
  if (!truncated && fitting < recordCount) {
    fitting = answer.neededCount;
    end = neededEnd;
  }
  const answerCount = Math.min(fitting, answer.answerCount);
  const authorityCount = Math.min(fitting - answerCount, answer.authorityCount);
  writeHeader(out, echo, answer.rcode, truncated);
  out.writeUInt16BE(answerCount, 6);
  out.writeUInt16BE(authorityCount, 8);
  out.writeUInt16BE(fitting - answerCount - authorityCount + (echo.edns ? 1 : 0), 10);
  return echo.edns ? writeOpt(out, end, ADVERTISED_PAYLOAD_BYTES, answer.rcode) : end;
}

/** Writes a response without records and returns its length; its question section is left out when it was unreadable. */
export function writeError(out: Buffer, echo: Echo, rcode: number): number {
  const end = writeQuestion(out, echo);
  writeHeader(out, echo, rcode, false);
  out.writeUInt32BE(0, 6);
  return echo.edns ? writeOpt(out, end, ADVERTISED_PAYLOAD_BYTES, rcode) : end;
}

function writeQuestion(out: Buffer, echo: Echo): number {
  return HEADER_BYTES + out.write(echo.question, HEADER_BYTES, 'latin1');
}

/** Header without the counts of records, but for the OPT record. AA stays clear: nothing here is authoritative. */
function writeHeader(out: Buffer, echo: Echo, rcode: number, truncated: boolean): void {
  const flags = FLAG.response | FLAG.recursionAvailable | echo.flags | (rcode & RCODE_MASK);
  out.writeUInt16BE(echo.id, 0);
  out.writeUInt16BE(truncated ? flags | FLAG.truncated : flags, 2);
  out.writeUInt16BE(echo.question === '' ? 0 : 1, 4);
  out.writeUInt16BE(echo.edns ? 1 : 0, 10);
}
