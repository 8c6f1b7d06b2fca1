import { randomBytes, randomInt } from 'node:crypto';

/**
 * The two hellos that open a connection between ALFIS peers, before anything is enciphered: a byte with the length of
 * the garbage XOR 0x0A, the garbage, and the tail that matters. Each is 64 to 254 bytes long, at random, so that its
 * length tells nothing.
 */

export const PUBLIC_KEY_BYTES = 32;
export const NONCE_BYTES = 12;

const GARBAGE_MASK = 0x0a;
const MIN_HELLO_BYTES = 64;
const MAX_HELLO_BYTES = 254;

/** What the dialler says: its X25519 key. */
export function writeClientHello(publicKey: Buffer): Buffer {
  return withGarbage(publicKey);
}

/** What the accepting side answers: its X25519 key and the nonce of the session. */
export function writeServerHello(publicKey: Buffer, nonce: Buffer): Buffer {
  return withGarbage(Buffer.concat([publicKey, nonce]));
}

function withGarbage(tail: Buffer): Buffer {
  const garbage = randomBytes(randomInt(MIN_HELLO_BYTES, MAX_HELLO_BYTES + 1) - 1 - tail.length);
  return Buffer.concat([Buffer.of(garbage.length ^ GARBAGE_MASK), garbage, tail]);
}

/** A hello that is complete: its last bytes, and what came behind it. */
export interface ReadHello {
  readonly tail: Buffer;
  readonly rest: Buffer;
}

/** Collects the hello of the other side, however its bytes are split; null until it is complete. */
export function createHelloReader(tailBytes: number): (chunk: Buffer) => ReadHello | null {
  let bytes = Buffer.alloc(0);
  return (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    const [first] = bytes;
    if (first === undefined) return null;
    const total = 1 + (first ^ GARBAGE_MASK) + tailBytes;
    if (bytes.length < total) return null;
    return { tail: bytes.subarray(total - tailBytes, total), rest: bytes.subarray(total) };
  };
}
