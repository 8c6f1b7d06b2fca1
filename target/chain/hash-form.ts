import type { Block } from './block.js';

/** Where the nonce stands in the form. */
export const NONCE_OFFSET = 28;
const HEAD_BYTES = 36;
const LENGTH_BYTES = 8;

/**
 * The block in the form that is hashed (hash and signature left empty) and signed (signature left empty): bincode as
 * ALFIS configures it, numbers little-endian, texts behind a length of 64 bits, empty ones left out.
 */
export function hashForm(block: Block): Buffer {
  const { transaction } = block;
  const texts = [block.hash, block.prevHash, block.pubKey, block.signature].filter((text) => text !== '');
  const own = transaction === null ? [] : [transaction.class, ...filled(transaction)];
  const parts = [
    head(block),
    ...texts.map(lengthPrefixed),
    ...(transaction === null ? [] : [Buffer.of(1)]),
    ...own.map(lengthPrefixed),
  ];
  return Buffer.concat(parts);
}

function filled(transaction: NonNullable<Block['transaction']>): string[] {
  const { identity, confirmation, signing, encryption, data } = transaction;
  return [identity, confirmation, signing, encryption, data].filter((text) => text !== '');
}

function head(block: Block): Buffer {
  const bytes = Buffer.allocUnsafe(HEAD_BYTES);
  bytes.writeBigUInt64LE(BigInt(block.index), 0);
  bytes.writeBigInt64LE(BigInt(block.timestamp), 8);
  bytes.writeUInt32LE(block.version, 16);
  bytes.writeUInt32LE(block.difficulty, 20);
  bytes.writeUInt32LE(block.random, 24);
  bytes.writeBigUInt64LE(block.nonce, NONCE_OFFSET);
  return bytes;
}

function lengthPrefixed(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const bytes = Buffer.allocUnsafe(LENGTH_BYTES + length);
  bytes.writeBigUInt64LE(BigInt(length));
  bytes.write(text, LENGTH_BYTES);
  return bytes;
}
