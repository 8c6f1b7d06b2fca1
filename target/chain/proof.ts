import { createHash, createPublicKey, verify } from 'node:crypto';
import type { Block } from './block.js';
import { hashForm } from './hash-form.js';

const HASH_BYTES = 32;
/** SubjectPublicKeyInfo of an Ed25519 key (RFC 8410 §4) up to the key itself. */
const ED25519_SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
/** Zero bits are looked for in so many bytes at each end of a hash. */
const END_BYTES = 8;

/** Hash of a block's form: the first half of BLAKE2b-512. ALFIS hashes with Blakeout, which is made of many of these. */
export function hashOf(form: Buffer): Buffer {
  return createHash('blake2b512').update(form).digest().subarray(0, HASH_BYTES);
}

/** Difficulty of a hash: zero bits at the start of its first eight bytes and at the end of its last eight. */
export function difficultyOf(hash: Buffer): number {
  return leadingZeros(hash) + trailingZeros(hash);
}

function leadingZeros(hash: Buffer): number {
  for (let index = 0; index < END_BYTES; index += 1) {
    const byte = hash[index] ?? 0;
    if (byte !== 0) return index * 8 + Math.clz32(byte) - 24;
  }
  return END_BYTES * 8;
}

function trailingZeros(hash: Buffer): number {
  for (let index = 0; index < END_BYTES; index += 1) {
    const byte = hash[hash.length - 1 - index] ?? 0;
    if (byte !== 0) return index * 8 + 31 - Math.clz32(byte & -byte);
  }
  return END_BYTES * 8;
}

/** Blocks that were found to be proven: the signature is what costs most, and each block is asked about more than once. */
const proven = new WeakSet<Block>();

/**
 * True when the block is what it claims to be: enough work went into its hash, the hash is its own, and its maker signed
 * it. The cheapest test comes first, so that junk costs next to nothing.
 */
export function isProven(block: Block, minDifficulty: number): boolean {
  if (block.difficulty < minDifficulty || block.pubKey === '' || block.signature === '') return false;
  const hash = Buffer.from(block.hash, 'hex');
  if (hash.length !== HASH_BYTES || difficultyOf(hash) < block.difficulty) return false;
  if (proven.has(block)) return true;
  if (!hashOf(hashForm({ ...block, hash: '', signature: '' })).equals(hash)) return false;
  if (!isSigned(block)) return false;
  proven.add(block);
  return true;
}

function isSigned(block: Block): boolean {
  const key = Buffer.concat([ED25519_SPKI_PREFIX, Buffer.from(block.pubKey, 'hex')]);
  const form = hashForm({ ...block, signature: '' });
  try {
    const publicKey = createPublicKey({ key, format: 'der', type: 'spki' });
    return verify(null, form, publicKey, Buffer.from(block.signature, 'hex'));
  } catch {
    return false;
  }
}

/** True when `block` is to be preferred to another one of the same height: by its work, then by its hash. */
export function isBetter(block: Block, other: Block): boolean {
  const [own, its] = [block, other].map(({ hash }) => difficultyOf(Buffer.from(hash, 'hex')));
  if (own === undefined || its === undefined || own === its) return block.hash < other.hash;
  return own > its;
}
