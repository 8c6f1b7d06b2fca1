import { checkName, MALFORMED, skipName } from './name.js';
import { isValidRdata } from './rdata.js';
import { CLASS_IN, FLAG, RCODE, RCODE_MASK, RECORD_HEAD_BYTES, TYPE } from './wire.js';

/**
 * What a forwarder said about one question, in the form in which it is cached and sent: the answer and
 * authority sections in wire form, exactly as they follow the question. Compression pointers in them stay valid,
 * because every client that gets them asked a question of the same length at the same place; so an answer from
 * the cache is a copy and a few TTLs, and owner names that point at the question come back in the client's own
 * letter case. The bytes are a string (one character per byte): exact in size and inside the V8 heap, whereas a
 * slice of a received datagram would pin its whole buffer.
 */
export interface Answer {
  /** NOERROR or NXDOMAIN; other codes are failures and never become an answer. */
  readonly rcode: number;
  /** The upstream cut it short (TC): there are no records here, the client has to ask again over TCP. */
  readonly truncated: boolean;
  readonly answerCount: number;
  readonly authorityCount: number;
  /** Both sections in wire form, TTLs as received but capped. The additional section is left out. */
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

/** TTLs above 2^31 - 1 count as zero (RFC 2181 §8). */
const MAX_WIRE_TTL = 0x7fff_ffff;

/**
 * Reads an upstream's response to a question that ends at `questionEnd`; null when a section is malformed. Caps
 * the TTLs in `message` itself, which must not be used afterwards. The caller has checked id, question and rcode.
 */
export function readAnswer(message: Buffer, questionEnd: number, caps: TtlCaps): Answer | null {
  const flags = message.readUInt16BE(2);
  const rcode = flags & RCODE_MASK;
  if ((flags & FLAG.truncated) !== 0) {
    return { rcode, truncated: true, answerCount: 0, authorityCount: 0, records: '', ttlSec: 0 };
  }
  const answerCount = message.readUInt16BE(6);
  const authorityCount = message.readUInt16BE(8);
  const questionType = message.readUInt16BE(questionEnd - 4);
  const isNxDomain = rcode === RCODE.nxDomain;
  let minTtlSec = caps.maxTtlSec;
  let answered = false;
  let hasSoa = false;
  let at = questionEnd;
  for (let index = 0; index < answerCount + authorityCount; index += 1) {
    const head = checkName(message, at, message.length);
    if (head === MALFORMED || head + RECORD_HEAD_BYTES > message.length) return null;
    const type = message.readUInt16BE(head);
    const dataStart = head + RECORD_HEAD_BYTES;
    at = dataStart + message.readUInt16BE(head + 8);
    if (at > message.length || type === TYPE.OPT || message.readUInt16BE(head + 2) !== CLASS_IN) return null;
    if (!isValidRdata(message, type, dataStart, at)) return null;

    const isAuthority = index >= answerCount;
    const isSoa = isAuthority && type === TYPE.SOA;
    if (!isAuthority && (type === questionType || questionType === TYPE.ANY)) answered = true;
    if (isSoa) hasSoa = true;
    let ttlSec = message.readUInt32BE(head + 4);
    if (ttlSec > MAX_WIRE_TTL) ttlSec = 0;
    // RFC 2308 §5: a negative answer lives as long as the lesser of the SOA's TTL and its MINIMUM field.
    if (isSoa && (isNxDomain || !answered))
      ttlSec = Math.min(ttlSec, message.readUInt32BE(at - 4), caps.maxNegativeTtlSec);
    ttlSec = Math.min(ttlSec, caps.maxTtlSec);
    message.writeUInt32BE(ttlSec, head + 4);
    if (ttlSec < minTtlSec) minTtlSec = ttlSec;
  }
  const isNegative = isNxDomain || !answered;
  const ttlSec = isNegative && !hasSoa ? 0 : minTtlSec;
  const records = message.toString('latin1', questionEnd, at);
  return { rcode, truncated: false, answerCount, authorityCount, records, ttlSec };
}

/**
 * Offset after the record at `offset`, whose TTL is lowered by `ageSec` on the way. Only for sections that
 * `readAnswer` accepted.
 */
export function ageRecord(message: Buffer, offset: number, end: number, ageSec: number): number {
  const head = skipName(message, offset, end);
  if (ageSec > 0) {
    message.writeUInt32BE(Math.max(0, message.readUInt32BE(head + 4) - ageSec), head + 4);
  }
  return head + RECORD_HEAD_BYTES + message.readUInt16BE(head + 8);
}
