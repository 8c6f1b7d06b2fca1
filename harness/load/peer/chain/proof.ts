import { createHash } from 'node:crypto';

const HASH_BYTES = 32;
/** Zero bits count in so many bytes at each end of a hash. */
const END_BYTES = 8;

/**
 * The hash of a block's form: the first 32 bytes of its BLAKE2b-512 (RFC 7693). ALFIS itself hashes with Blakeout,
 * which is made of many of these: it refuses an honest chain of ours, and never gets to hash a block from the future.
 */
export function hashOf(form: Buffer): Buffer {
  return createHash('blake2b512').update(form).digest().subarray(0, HASH_BYTES);
}

/** How much work a hash shows: zero bits at the start of its first eight bytes and at the end of its last eight. */
export function difficultyOf(hash: Buffer): number {
  let leading = 0;
  while (leading < END_BYTES && hash[leading] === 0) leading++;
  let trailing = 0;
  while (trailing < END_BYTES && hash[hash.length - 1 - trailing] === 0) trailing++;
  const first = leading === END_BYTES ? 0 : Math.clz32(hash[leading] as number) - 24;
  const last = hash[hash.length - 1 - trailing] as number;
  const end = trailing === END_BYTES ? 0 : 31 - Math.clz32(last & -last);
  return 8 * leading + first + 8 * trailing + end;
}
