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
  const first = hash.readBigUInt64BE(0);
  const last = hash.readBigUInt64BE(hash.length - END_BYTES);
  return leadingZeros(first) + trailingZeros(last);
}

const BITS = 64;

function leadingZeros(word: bigint): number {
  return word === 0n ? BITS : BITS - word.toString(2).length;
}

function trailingZeros(word: bigint): number {
  return word === 0n ? BITS : word.toString(2).length - word.toString(2).lastIndexOf('1') - 1;
}
