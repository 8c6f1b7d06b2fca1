import { HEADER_BYTES, MAX_LABEL_BYTES, MAX_NAME_BYTES } from './wire.js';

/** Returned instead of an offset when the bytes are no name. */
export const MALFORMED = -1;

/** A name has at most 127 labels, so more jumps than that only waste time. */
const MAX_POINTER_HOPS = 127;
const POINTER_MARK = 0xc0;

/**
 * Offset after the name that starts at `offset`, without following a compression pointer (which ends the name);
 * `MALFORMED` when it runs past `end` or has a reserved label type.
 */
export function skipName(message: Uint8Array, offset: number, end: number): number {
  let at = offset;
  while (at < end) {
    const length = message[at] ?? 0;
    if (length === 0) return at + 1;
    if (length >= POINTER_MARK) return at + 2 <= end ? at + 2 : MALFORMED;
    if (length > MAX_LABEL_BYTES) return MALFORMED;
    at += length + 1;
  }
  return MALFORMED;
}

/**
 * As `skipName`, and proves that the name can be expanded: every pointer goes strictly backwards (so a loop is
 * impossible) into the message's body, the number of jumps is bounded and the whole name fits 255 bytes.
 * Seed 000's resolver follows pointers without any of these limits: one packet makes it build a string for ever.
 */
export function checkName(message: Uint8Array, offset: number, end: number): number {
  let at = offset;
  let after = MALFORMED;
  let lowestStart = offset;
  let nameBytes = 0;
  let hops = 0;
  while (at < end) {
    const length = message[at] ?? 0;
    if (length >= POINTER_MARK) {
      if (at + 2 > end) return MALFORMED;
      if (after === MALFORMED) after = at + 2;
      const to = ((length & ~POINTER_MARK) << 8) | (message[at + 1] ?? 0);
      hops += 1;
      if (to < HEADER_BYTES || to >= lowestStart || hops > MAX_POINTER_HOPS) return MALFORMED;
      lowestStart = to;
      at = to;
      continue;
    }
    if (length > MAX_LABEL_BYTES) return MALFORMED;
    nameBytes += length + 1;
    if (nameBytes > MAX_NAME_BYTES) return MALFORMED;
    at += length + 1;
    if (length === 0) return after === MALFORMED ? at : after;
  }
  return MALFORMED;
}

/**
 * Copies the uncompressed name at `offset` into `lowered`, ASCII letters in lower case (RFC 4343), and returns
 * the offset after it. A pointer, a reserved label, a name over 255 bytes or past `end` is `MALFORMED`.
 * Length bytes are at most 63 and so never mistaken for letters.
 */
export function lowerName(message: Uint8Array, offset: number, end: number, lowered: Uint8Array): number {
  let at = offset;
  while (at < end) {
    const length = message[at] ?? 0;
    const next = at + length + 1;
    if (length > MAX_LABEL_BYTES || next > end || next - offset > MAX_NAME_BYTES) return MALFORMED;
    for (; at < next; at += 1) {
      const byte = message[at] ?? 0;
      lowered[at - offset] = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
    }
    if (length === 0) return at;
  }
  return MALFORMED;
}
