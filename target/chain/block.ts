/** One block of the chain, with the fields of ALFIS. Bytes are upper-case hex, empty where there are none or all are zero. */
export interface Block {
  /** Place in the chain, from 1. */
  readonly index: number;
  /** When it was made, in seconds since 1970. */
  readonly timestamp: number;
  /** Of the chain's rules. */
  readonly version: number;
  /** Zero bits that its hash must have. */
  readonly difficulty: number;
  readonly random: number;
  /** What the maker tried until the hash fitted. */
  readonly nonce: bigint;
  /** 32 bytes. */
  readonly hash: string;
  /** Hash of the block before; empty in the first one. */
  readonly prevHash: string;
  /** Ed25519 key of the maker, 32 bytes. */
  readonly pubKey: string;
  /** 64 bytes. */
  readonly signature: string;
  /** Null in a block that only confirms those before it. */
  readonly transaction: Transaction | null;
}

/** What a block says: that a domain belongs to somebody, or which zones the chain has. */
export interface Transaction {
  /** `domain`, or `origin` in the first block. */
  readonly class: string;
  /** Hash of the domain's name, 32 bytes. */
  readonly identity: string;
  /** Hash of the name together with the owner's key, 32 bytes. */
  readonly confirmation: string;
  /** Ed25519 key of the owner, 32 bytes. */
  readonly signing: string;
  /** X25519 key of the owner, 32 bytes. */
  readonly encryption: string;
  /** JSON, see `domain-data.ts`. */
  readonly data: string;
}

/** Version of the chain's rules. */
export const CHAIN_VERSION = 1;
/** A different block this far below the tip is settled (ALFIS's limited confidence). */
export const SETTLED_DEPTH = 4;
export const CLASS_DOMAIN = 'domain';
export const CLASS_ORIGIN = 'origin';
/** The zones of ALFIS's chain. */
export const ZONES: ReadonlySet<string> = new Set(
  'anon btn conf index merch mirror mob screen srv ygg'.split(' '),
);

/** What a block takes in memory, in bytes, near enough: strings of hex and text, one byte per character. */
export function blockWeight({ transaction }: Block): number {
  return transaction === null ? BLOCK_BYTES : BLOCK_BYTES + TRANSACTION_BYTES + transaction.data.length;
}
/** Measured on Node 20: the object, its number and four strings of hex. */
const BLOCK_BYTES = 650;
/** Likewise, with five strings of hex and the head of the data. */
const TRANSACTION_BYTES = 450;
