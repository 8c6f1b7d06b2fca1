import { checkName, MALFORMED } from './name.js';
import { isValidRdata } from './rdata.js';
import { CLASS_IN, RECORD_HEAD_BYTES, TYPE } from './wire.js';

/** Where one record stands in its message. */
export interface WireRecord {
  readonly type: number;
  /** Offset of the owner name. */
  readonly start: number;
  /** Offset of type, class, TTL and length, which follow the owner name. */
  readonly head: number;
  /** Offset after the data. */
  readonly end: number;
}

/** The sections of a response as far as they matter. */
export interface Sections {
  readonly answers: readonly WireRecord[];
  readonly authorities: readonly WireRecord[];
  /** Those of the third section but the OPT record; their data is not looked at. */
  readonly additionals: readonly WireRecord[];
  /** Upper eight bits of the response code, from the OPT record; 0 without one (RFC 6891 §6.1.3). */
  readonly extendedRcode: number;
}

/** Reads the records that follow the question; null when any of the three sections is malformed. */
export function readSections(message: Buffer, questionEnd: number): Sections | null {
  const answerCount = message.readUInt16BE(6);
  const recordCount = answerCount + message.readUInt16BE(8);
  const total = recordCount + message.readUInt16BE(10);
  const heads: number[] = [];
  const answers: WireRecord[] = [];
  const authorities: WireRecord[] = [];
  const additionals: WireRecord[] = [];
  let opt: number | null = null;
  let at = questionEnd;
  for (let index = 0; index < total; index += 1) {
    const record = readRecord(message, at, heads);
    if (record === null) return null;
    at = record.end;
    const isOpt = record.type === TYPE.OPT;
    if (index >= recordCount) {
      // One OPT, at the root (RFC 6891 §6.1.1).
      if (isOpt && (opt !== null || record.head !== record.start + 1)) return null;
      if (isOpt) opt = message[record.head + 4] ?? 0;
      else additionals.push(record);
      continue;
    }
    if (isOpt || message.readUInt16BE(record.head + 2) !== CLASS_IN) return null;
    heads.push(record.head);
    if (!isValidRdata(message, record.type, record.head + RECORD_HEAD_BYTES, at, heads)) return null;
    (index < answerCount ? answers : authorities).push(record);
  }
  return { answers, authorities, additionals, extendedRcode: opt ?? 0 };
}

function readRecord(message: Buffer, start: number, heads: readonly number[]): WireRecord | null {
  const head = checkName(message, start, message.length, heads);
  if (head === MALFORMED || head + RECORD_HEAD_BYTES > message.length) return null;
  const end = head + RECORD_HEAD_BYTES + message.readUInt16BE(head + 8);
  return end > message.length ? null : { type: message.readUInt16BE(head), start, head, end };
}
