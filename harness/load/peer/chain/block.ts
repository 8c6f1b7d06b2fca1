import { encodeCbor, wholeNumber } from '../wire/cbor.js';

/** A block of ALFIS's chain under the names that it has on the wire. Bytes are upper-case hex, empty for none. */
export interface Block {
  /** Place in the chain, from 1. */
  readonly index: number;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly version: number;
  /** Zero bits that the hash claims to have. */
  readonly difficulty: number;
  readonly random: number;
  readonly nonce: number;
  /** 32 bytes. */
  readonly hash: string;
  /** 32 bytes; empty in the first block. */
  readonly prev_block_hash: string;
  /** Ed25519 key of the maker, 32 bytes. */
  readonly pub_key: string;
  /** 64 bytes. */
  readonly signature: string;
  /** Null in a block that only confirms others. */
  readonly transaction: Transaction | null;
}

/** What a block says: that a domain belongs to somebody, or, in the first one, which zones there are. */
export interface Transaction {
  readonly class: 'domain' | 'origin';
  /** Hash of the domain's name, 32 bytes. */
  readonly identity: string;
  /** Hash of the name with the owner's key, 32 bytes. */
  readonly confirmation: string;
  /** The owner's Ed25519 key. */
  readonly signing: string;
  /** The owner's X25519 key. */
  readonly encryption: string;
  /** JSON. */
  readonly data: string;
}

/** A block in network form: CBOR as serde_cbor writes it, fields that are empty left out. */
export function networkForm(block: Block): Buffer {
  const { index, nonce, transaction, ...rest } = block;
  return encodeCbor(
    withoutEmpty({
      index: wholeNumber(index),
      timestamp: rest.timestamp,
      version: rest.version,
      difficulty: rest.difficulty,
      random: rest.random,
      nonce: wholeNumber(nonce),
      hash: rest.hash,
      prev_block_hash: rest.prev_block_hash,
      pub_key: rest.pub_key,
      signature: rest.signature,
      transaction: transaction === null ? '' : withoutEmpty(transaction),
    }),
  );
}

function withoutEmpty(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}

/** Where the nonce stands in a block's form for hashing. */
export const NONCE_OFFSET = 28;
const NUMBERS_BYTES = 36;

/**
 * The form that is hashed (with hash and signature empty) and signed (with the signature empty): bincode's legacy
 * configuration, numbers in little-endian order, texts behind their length in 64 bits, empty ones left out.
 */
export function hashForm(block: Block): Buffer {
  const numbers = Buffer.alloc(NUMBERS_BYTES);
  numbers.writeBigUInt64LE(BigInt(block.index), 0);
  numbers.writeBigInt64LE(BigInt(block.timestamp), 8);
  numbers.writeUInt32LE(block.version, 16);
  numbers.writeUInt32LE(block.difficulty, 20);
  numbers.writeUInt32LE(block.random, 24);
  numbers.writeBigUInt64LE(BigInt(block.nonce), NONCE_OFFSET);
  const { hash, prev_block_hash, pub_key, signature, transaction } = block;
  const own = [hash, prev_block_hash, pub_key, signature].filter((text) => text !== '').map(behindLength);
  if (transaction === null) return Buffer.concat([numbers, ...own]);
  const { class: kind, identity, confirmation, signing, encryption, data } = transaction;
  const said = [kind, identity, confirmation, signing, encryption, data].filter((text) => text !== '');
  return Buffer.concat([numbers, ...own, Buffer.of(1), ...said.map(behindLength)]);
}

function behindLength(text: string): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(text)));
  return Buffer.concat([length, Buffer.from(text)]);
}

export function hexOf(bytes: Buffer): string {
  return bytes.toString('hex').toUpperCase();
}
