/**
 * The DNS message format (RFC 1035 §4) as far as the load speaks it. Written by hand: the load shares the
 * machine with the target, and a general codec per packet would cost more than everything else it does.
 */

export const HEADER_BYTES = 12;
export const CLASS_IN = 1;
export const TYPE = { A: 1, NS: 2, SOA: 6, TXT: 16, AAAA: 28 } as const;
export const RCODE = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;

export const FLAG_RESPONSE = 0x8000;
export const FLAG_AUTHORITATIVE = 0x0400;
export const FLAG_RECURSION_DESIRED = 0x0100;
export const OPCODE_MASK = 0x7800;
export const RCODE_MASK = 0x000f;

/** Top bits of a length byte: a plain label has none, a compression pointer both (RFC 1035 §4.1.4). */
export const POINTER = 0xc0;

/** Separates labels in text; inside a label it is another name. */
const DOT = 0x2e;

/** `SERVFAIL` for 2; `RCODE9` for one without a name here. */
export function rcodeName(rcode: number): string {
  return Object.entries(RCODE).find(([, value]) => value === rcode)?.[0] ?? `RCODE${rcode}`;
}

/** One question of class IN with recursion desired; `name` has labels of 1 to 63 ASCII characters. */
export function encodeQuestion(id: number, name: string, type: number): Buffer {
  const message = Buffer.allocUnsafe(HEADER_BYTES + name.length + 2 + 4);
  message.fill(0, 0, HEADER_BYTES);
  message.writeUInt16BE(id, 0);
  message.writeUInt16BE(FLAG_RECURSION_DESIRED, 2);
  message.writeUInt16BE(1, 4);
  let lengthAt = HEADER_BYTES;
  let at = lengthAt + 1;
  for (let i = 0; i <= name.length; i++) {
    const atEnd = i === name.length;
    if (atEnd || name[i] === '.') {
      message[lengthAt] = at - lengthAt - 1;
      lengthAt = at++;
    } else {
      message[at++] = name.charCodeAt(i);
    }
  }
  message[lengthAt] = 0;
  message.writeUInt16BE(type, at);
  message.writeUInt16BE(CLASS_IN, at + 2);
  return message;
}

function lowerCase(code: number): number {
  return code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
}

/**
 * Compares the name at `offset`, compressed or not, with `name` (lower case, no final dot), ASCII case aside.
 * Returns the offset behind it, or null when it is another name or malformed. Pointers may only lead backwards,
 * and every label uses up a part of `name`: so it ends on any input.
 */
export function matchName(message: Buffer, offset: number, name: string): number | null {
  let at = offset;
  let end: number | null = null;
  let matched = 0;
  for (;;) {
    const length = message[at];
    if (length === undefined) return null;
    if (length === 0) return matched === name.length ? (end ?? at + 1) : null;
    if ((length & POINTER) === POINTER) {
      const low = message[at + 1];
      if (low === undefined) return null;
      const to = ((length & ~POINTER) << 8) | low;
      if (to >= at) return null;
      end ??= at + 2;
      at = to;
      continue;
    }
    if (length > 63 || (matched > 0 && name[matched++] !== '.') || matched + length > name.length)
      return null;
    for (let i = 1; i <= length; i++) {
      const code = message[at + i];
      if (code === undefined || code === DOT || lowerCase(code) !== name.charCodeAt(matched++)) return null;
    }
    at += 1 + length;
  }
}
