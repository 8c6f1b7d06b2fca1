import { randomFillSync } from 'node:crypto';
import { QUESTION_TAIL_BYTES } from './wire.js';

const POOL_BYTES = 4096;

/** Writes the name of a question key in letters of random case; type and class stay as they are. */
export type MixCase = (key: string) => string;

/** Leaves the question in lower case. */
export const KEEP_CASE: MixCase = (key) => key;

/**
 * Letters of random case (0x20, draft-vixie-dnsext-dns0x20): a server repeats them, and a forger has to guess one more
 * bit for each. Drawn from the system's cryptographic generator in blocks, as `createRandomSlot` does.
 */
export function createMixCase(): MixCase {
  const pool = Buffer.allocUnsafeSlow(POOL_BYTES);
  let next = POOL_BYTES;
  return (key) => {
    const bytes = Buffer.from(key, 'latin1');
    if (next + bytes.length > POOL_BYTES) {
      randomFillSync(pool);
      next = 0;
    }
    // Length bytes are at most 63 and so never mistaken for letters.
    for (let at = bytes.length - QUESTION_TAIL_BYTES - 1; at >= 0; at -= 1) {
      const byte = bytes[at] ?? 0;
      if (byte >= 0x61 && byte <= 0x7a && ((pool[next + at] ?? 0) & 1) === 1) bytes[at] = byte - 0x20;
    }
    next += bytes.length;
    return bytes.toString('latin1');
  };
}
