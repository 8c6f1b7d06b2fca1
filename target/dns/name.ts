import { HEADER_BYTES, MAX_LABEL_BYTES, MAX_NAME_BYTES, RECORD_HEAD_BYTES } from './wire.js';

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
 *
 * `heads` are the offsets, in ascending order, at which the heads of the records so far (type, class, TTL, length)
 * begin. A name that a pointer takes through one of them is refused: it would change with the TTL.
 */
export function checkName(
  message: Uint8Array,
  offset: number,
  end: number,
  heads: readonly number[] = [],
): number {
  let at = offset;
  let after = MALFORMED;
  let lowestStart = offset;
  let nameBytes = 0;
  let hops = 0;
  while (at < end) {
    const length = message[at] ?? 0;
    const isPointer = length >= POINTER_MARK;
    const next = isPointer ? at + 2 : at + length + 1;
    if (hops > 0 && meetsHead(heads, at, next)) return MALFORMED;
    if (isPointer) {
      if (next > end) return MALFORMED;
      if (after === MALFORMED) after = next;
      const to = pointerTarget(message, at);
      hops += 1;
      if (to < HEADER_BYTES || to >= lowestStart || hops > MAX_POINTER_HOPS) return MALFORMED;
      lowestStart = to;
      at = to;
      continue;
    }
    if (length > MAX_LABEL_BYTES) return MALFORMED;
    nameBytes += length + 1;
    if (nameBytes > MAX_NAME_BYTES) return MALFORMED;
    at = next;
    if (length === 0) return after === MALFORMED ? at : after;
  }
  return MALFORMED;
}

/** True when the bytes from `from` up to `to` share one with a record head. Mostly the question's name is meant, before all heads. */
function meetsHead(heads: readonly number[], from: number, to: number): boolean {
  if (to <= (heads[0] ?? to)) return false;
  // The first head that ends after `from`: by halves, as a hostile message may have thousands of each.
  let low = 0;
  let high = heads.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((heads[middle] ?? 0) + RECORD_HEAD_BYTES > from) high = middle;
    else low = middle + 1;
  }
  return (heads[low] ?? to) < to;
}

function pointerTarget(message: Uint8Array, at: number): number {
  return (((message[at] ?? 0) & ~POINTER_MARK) << 8) | (message[at + 1] ?? 0);
}

/** Copies the name at `offset`, which `checkName` accepted, to `out` without compression; returns the offset after the copy. */
export function expandName(message: Uint8Array, offset: number, out: Uint8Array, outOffset: number): number {
  let at = offset;
  let to = outOffset;
  for (;;) {
    const length = message[at] ?? 0;
    if (length >= POINTER_MARK) {
      at = pointerTarget(message, at);
      continue;
    }
    const next = at + length + 1;
    for (; at < next; at += 1) {
      out[to] = message[at] ?? 0;
      to += 1;
    }
    if (length === 0) return to;
  }
}

/** Scratch for one name; used only within one call of a synchronous function. */
const expanded = Buffer.allocUnsafeSlow(MAX_NAME_BYTES);
const lowered = Buffer.allocUnsafeSlow(MAX_NAME_BYTES);

/** The name at `offset`, which `checkName` accepted: expanded, in lower case, in wire form, one character per byte. */
export function readLowerName(message: Uint8Array, offset: number): string {
  const length = expandName(message, offset, expanded, 0);
  lowerName(expanded, 0, length, lowered);
  return lowered.toString('latin1', 0, length);
}

/** True when `name` is `ancestor` or below it; both as `readLowerName` gives them. */
export function isAtOrBelow(name: string, ancestor: string): boolean {
  let at = 0;
  while (name.length - at > ancestor.length) at += name.charCodeAt(at) + 1;
  return name.length - at === ancestor.length && name.startsWith(ancestor, at);
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
