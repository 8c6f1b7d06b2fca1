import {
  CLASS_IN,
  FLAG_RESPONSE,
  HEADER_BYTES,
  matchName,
  OPCODE_MASK,
  RCODE,
  RCODE_MASK,
  rcodeName,
  TYPE,
} from './dns-wire.js';
import { formatIpv4, ipv4NumberOf } from './synthetic-answers.js';

/** What an answer turned out to be; only `right` is one. */
export type AnswerCheck = 'right' | 'malformed' | 'other-question' | 'other-rcode' | 'other-data';

/** Type, class, TTL and length in front of a record's data (RFC 1035 §4.1.3). */
const RECORD_FIXED_BYTES = 10;
const IPV4_BYTES = 4;

/** What was asked, and the answer to it as far as it is known. */
export interface Expectation {
  /** Lower case, no final dot. */
  readonly name: string;
  readonly type: number;
  /** The one A record that NOERROR must come with, as a 32-bit number; null when the data is not known. */
  readonly address: number | null;
}

/** The A-question for a name whose address follows from it (`synthetic-answers.ts`). */
export function derivedAddress(name: string): Expectation {
  return { name, type: TYPE.A, address: ipv4NumberOf(name) };
}

/** Offset behind the only question when it is the one asked, else null. */
function endOfQuestion(message: Buffer, { name, type }: Expectation): number | null {
  if (message.readUInt16BE(4) !== 1) return null;
  const end = matchName(message, HEADER_BYTES, name);
  if (end === null || end + 4 > message.length) return null;
  const asked = message.readUInt16BE(end) === type && message.readUInt16BE(end + 2) === CLASS_IN;
  return asked ? end + 4 : null;
}

/** The address, when the answer section is exactly one A record of `name`; else null. */
function soleAddress(message: Buffer, offset: number, name: string): number | null {
  if (message.readUInt16BE(6) !== 1) return null;
  const at = matchName(message, offset, name);
  if (at === null || at + RECORD_FIXED_BYTES + IPV4_BYTES > message.length) return null;
  const isAddress =
    message.readUInt16BE(at) === TYPE.A &&
    message.readUInt16BE(at + 2) === CLASS_IN &&
    message.readUInt16BE(at + 8) === IPV4_BYTES;
  return isAddress ? message.readUInt32BE(at + RECORD_FIXED_BYTES) : null;
}

/** Checks an answer down to its data, where that is known. An accepted rcode other than NOERROR carries none. */
export function checkAnswer(
  message: Buffer,
  expected: Expectation,
  accepted: ReadonlySet<number>,
): AnswerCheck {
  if (message.length < HEADER_BYTES) return 'malformed';
  const flags = message.readUInt16BE(2);
  if ((flags & FLAG_RESPONSE) === 0 || (flags & OPCODE_MASK) !== 0) return 'malformed';
  const end = endOfQuestion(message, expected);
  if (end === null) return 'other-question';
  const rcode = flags & RCODE_MASK;
  if (!accepted.has(rcode)) return 'other-rcode';
  if (rcode !== RCODE.NOERROR || expected.address === null) return 'right';
  return soleAddress(message, end, expected.name) === expected.address ? 'right' : 'other-data';
}

/** Says in words what is wrong with an answer that `checkAnswer` found to be `check`; starts with "answered". */
export function describeWrongAnswer(
  message: Buffer,
  expected: Expectation,
  check: Exclude<AnswerCheck, 'right'>,
): string {
  switch (check) {
    case 'malformed':
      return `answered with ${message.length} bytes that are no DNS answer`;
    case 'other-question':
      return `answered another question than ${expected.name} type ${expected.type}`;
    case 'other-rcode':
      return `answered ${rcodeName(message.readUInt16BE(2) & RCODE_MASK)}`;
    case 'other-data': {
      const end = endOfQuestion(message, expected);
      const address = end === null ? null : soleAddress(message, end, expected.name);
      const got = address === null ? `${message.readUInt16BE(6)} records` : formatIpv4(address);
      return `answered ${got} instead of ${formatIpv4(expected.address ?? 0)}`;
    }
  }
}
