import { HEADER_BYTES, POINTER } from './dns-wire.js';

/** Behind the owner: type and class, then the TTL (RFC 1035 §4.1.3). */
const TTL_AT = 4;
const UPPER_CASE_BIT = 0x20;

/**
 * An answer with one record once more, with another TTL and its owner written out in letters of any case: the same
 * data for every client, another record for whoever compares bytes. Other messages are handed back as they are.
 *
 * @param questionEnd offset behind the question section
 * @param random 32 bits at a time
 */
export function churnedAnswer(
  message: Buffer,
  questionEnd: number,
  maxTtlSec: number,
  random: () => number,
): Buffer {
  const isPlain =
    message.readUInt16BE(6) === 1 &&
    message.readUInt16BE(8) === 0 &&
    message.readUInt16BE(questionEnd) === ((POINTER << 8) | HEADER_BYTES);
  if (!isPlain) return message;
  const owner = anyCase(message.subarray(HEADER_BYTES, questionEnd - 4), random);
  const rest = Buffer.from(message.subarray(questionEnd + 2));
  rest.writeUInt32BE(1 + (random() % maxTtlSec), TTL_AT);
  return Buffer.concat([message.subarray(0, questionEnd), owner, rest]);
}

/** A copy of an uncompressed name, the case of each of its letters drawn anew. */
function anyCase(name: Uint8Array, random: () => number): Buffer {
  const copy = Buffer.from(name);
  let lengthAt = 0;
  for (let length = copy[0] ?? 0; length !== 0; length = copy[lengthAt] ?? 0) {
    for (let at = lengthAt + 1; at <= lengthAt + length; at++) {
      const code = copy[at] as number;
      const isLetter = (code | UPPER_CASE_BIT) >= 0x61 && (code | UPPER_CASE_BIT) <= 0x7a;
      if (isLetter && random() % 2 === 0) copy[at] = code ^ UPPER_CASE_BIT;
    }
    lengthAt += 1 + length;
  }
  return copy;
}
