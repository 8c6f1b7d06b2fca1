import { expandRecords } from './expand.js';
import { MALFORMED, skipName } from './name.js';
import { readSections, type Sections, type WireRecord } from './records.js';
import { type RelatedRecords, ROOT, relatedRecords } from './relevance.js';
import {
  FLAG,
  HEADER_BYTES,
  OPT_BYTES,
  QUESTION_TAIL_BYTES,
  RCODE,
  RCODE_MASK,
  RECORD_HEAD_BYTES,
  TYPE,
} from './wire.js';

/**
 * What a forwarder said about one question, in the form in which it is cached and sent: its
 * sections in wire form, exactly as they follow the question. Compression pointers in them stay valid,
 * because every client that gets them asked a question of the same length at the same place; so an answer from
 * the cache is a copy and a few TTLs, and owner names that point at the question come back in the client's own
 * letter case. The bytes are a string (one character per byte): exact in size and inside the V8 heap, whereas a
 * slice of a received datagram would pin its whole buffer.
 */
export interface Answer {
  /** NOERROR or NXDOMAIN; other codes are failures and never become an answer. */
  readonly rcode: number;
  readonly answerCount: number;
  readonly authorityCount: number;
  /** Of what the node itself adds: addresses of an SRV record's targets. */
  readonly additionalCount: number;
  /**
   * Records, from the first one on, that a response must not lack without saying so by TC: the answer section,
   * and in a negative answer all up to the SOA. More than there are (and no records at all) when the upstream
   * itself cut its response short, so that the client has to ask again over TCP.
   */
  readonly neededCount: number;
  /** All sections in wire form, TTLs as received but capped. What stood in the additional section is left out. */
  readonly records: string;
  /** How long it may be cached, in seconds; 0 means not at all. */
  readonly ttlSec: number;
}

/** Bounds on how long anything is believed. */
export interface TtlCaps {
  readonly maxTtlSec: number;
  /** For NXDOMAIN and NODATA (RFC 2308 §5 suggests one to three hours). */
  readonly maxNegativeTtlSec: number;
}

/**
 * Reads an upstream's response to the question `key` (see `Query.key`). Caps the TTLs in `message` itself, which must
 * not be used afterwards. The caller has checked id, question and rcode. Of what a server for a `zone` says, only what lies in it
 * counts, and what lies behind an alias that leads out of it remains to be asked.
 *
 * Null when it cannot be used: a section is malformed, the OPT record adds to the response code (BADVERS and the
 * like), or no answer record has to do with the question. Records that have nothing to do with it are left out.
 */
export function readAnswer(message: Buffer, key: string, caps: TtlCaps, zone = ROOT): Answer | null {
  const flags = message.readUInt16BE(2);
  const given = flags & RCODE_MASK;
  if ((flags & FLAG.truncated) !== 0) {
    return {
      rcode: given,
      answerCount: 0,
      authorityCount: 0,
      additionalCount: 0,
      neededCount: 1,
      records: '',
      ttlSec: 0,
    };
  }
  const questionEnd = HEADER_BYTES + key.length;
  const sections = readSections(message, questionEnd);
  if (sections === null || sections.extendedRcode !== 0) return null;
  const related = relatedRecords(message, key.slice(0, -QUESTION_TAIL_BYTES), sections, zone);
  const { answers, authorities } = related;
  const rcode = related.leavesZone ? RCODE.noError : given;
  if (answers.length === 0 && sections.answers.length > 0) return null;

  const questionType = message.readUInt16BE(questionEnd - QUESTION_TAIL_BYTES);
  const isNegative =
    rcode === RCODE.nxDomain ||
    !(related.types.has(questionType) || (questionType === TYPE.ANY && answers.length > 0));
  const ttlSec = capTtls(message, related, isNegative, caps);
  const soaAt = isNegative ? authorities.findIndex(({ type }) => type === TYPE.SOA) : -1;
  const records = recordText(message, questionEnd, sections, related);
  if (records === null) return null;
  return {
    rcode,
    answerCount: answers.length,
    authorityCount: authorities.length,
    additionalCount: 0,
    neededCount: answers.length + soaAt + 1,
    records,
    ttlSec: isNegative && soaAt === -1 ? 0 : ttlSec,
  };
}

/** True for what an upstream cut short: there is more to be had over TCP. */
export function isTruncated(answer: Answer): boolean {
  return answer.neededCount > answer.answerCount + answer.authorityCount;
}

/** Lowers the TTLs to what is believed and returns the shortest one. */
function capTtls(message: Buffer, related: RelatedRecords, isNegative: boolean, caps: TtlCaps): number {
  let minTtlSec = caps.maxTtlSec;
  const lower = (record: WireRecord, capSec: number): void => {
    // A TTL with the top bit set is a large one, not zero (RFC 8767 §4, which updates RFC 2181 §8).
    const ttlSec = Math.min(message.readUInt32BE(record.head + 4), capSec);
    message.writeUInt32BE(ttlSec, record.head + 4);
    if (ttlSec < minTtlSec) minTtlSec = ttlSec;
  };
  for (const record of related.answers) lower(record, caps.maxTtlSec);
  for (const record of related.authorities) {
    // RFC 2308 §5: a negative answer lives as long as the lesser of the SOA's TTL and its MINIMUM field.
    const capSec =
      isNegative && record.type === TYPE.SOA
        ? Math.min(message.readUInt32BE(record.end - 4), caps.maxNegativeTtlSec, caps.maxTtlSec)
        : caps.maxTtlSec;
    lower(record, capSec);
  }
  return minTtlSec;
}

/** The bytes of the related records: as they stand when none between them was left out, else with names in full. */
function recordText(
  message: Buffer,
  questionEnd: number,
  sections: Sections,
  related: RelatedRecords,
): string | null {
  const all = [...sections.answers, ...sections.authorities];
  const kept = [...related.answers, ...related.authorities];
  const isPrefix = kept.every((record, index) => record === all[index]);
  if (!isPrefix) return expandRecords(message, kept, questionEnd + OPT_BYTES);
  return message.toString('latin1', questionEnd, kept.at(-1)?.end ?? questionEnd);
}

/**
 * Offset after the record at `offset`, without regard for its content; `MALFORMED` when it does not end by `end`.
 * Only for sections that `readAnswer` accepted, or the first bytes of such.
 */
export function skipRecord(message: Buffer, offset: number, end: number): number {
  const head = skipName(message, offset, end);
  if (head === MALFORMED || head + RECORD_HEAD_BYTES > end) return MALFORMED;
  const next = head + RECORD_HEAD_BYTES + message.readUInt16BE(head + 8);
  return next > end ? MALFORMED : next;
}

/** Lowers the TTL of the record at `offset`, which ends by `end`, by `ageSec`. */
export function ageRecord(message: Buffer, offset: number, end: number, ageSec: number): void {
  const at = skipName(message, offset, end) + 4;
  message.writeUInt32BE(Math.max(0, message.readUInt32BE(at) - ageSec), at);
}
