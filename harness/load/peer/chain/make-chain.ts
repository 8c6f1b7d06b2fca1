import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { CHAIN_VERSION } from '../identity.js';
import { type Block, hashForm, hexOf, NONCE_OFFSET, networkForm, type Transaction } from './block.js';
import { difficultyOf, hashOf } from './proof.js';

/** What an honest chain is like; the same plan makes the same blocks. */
export interface ChainPlan {
  readonly blocks: number;
  /** Zero bits that each hash has: no less than the target asks for. */
  readonly difficulty: number;
  readonly seed: number;
}

/** An honest chain, ready to be sent. */
export interface MadeChain {
  readonly height: number;
  /** Hash of the first block. */
  readonly origin: string;
  /** Hash of the last block. */
  readonly tip: string;
  /** A block in network form, from 1; null above the height. */
  block(index: number): Buffer | null;
  /** Its hash in hex; null above the height. */
  hash(index: number): string | null;
}

/** 2020-01-01: long enough ago that no clock takes a block of a chain for one from the future. */
const START_SEC = 1_577_836_800;
/** With so many makers in turn, each one comes again after more than a day: nobody may take two domains in one. */
const INTERVAL_SEC = 600;
const MAKERS = 150;
const ZONE = 'srv';
/** PrivateKeyInfo of an Ed25519 key (RFC 8410 §7) up to the key itself; SubjectPublicKeyInfo has 12 bytes before it. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_PREFIX_BYTES = 12;

/**
 * Makes a chain that a node with BLAKE2b takes from its first block to its last. Each block has a domain of its own;
 * 2 000 blocks of difficulty 4 take a third of a second.
 */
export function makeChain({ blocks, difficulty, seed }: ChainPlan): MadeChain {
  const makers = Array.from({ length: Math.min(MAKERS, blocks) }, (_, k) => makerOf(seed, k));
  const forms: Buffer[] = [];
  const hashes: string[] = [];
  for (let index = 1; index <= blocks; index++) {
    const block = makeBlock(
      index,
      hashes[index - 2] ?? '',
      difficulty,
      makers[index % makers.length] as Maker,
    );
    forms.push(networkForm(block));
    hashes.push(block.hash);
  }
  return {
    height: blocks,
    origin: hashes[0] as string,
    tip: hashes[blocks - 1] as string,
    block: (index) => forms[index - 1] ?? null,
    hash: (index) => hashes[index - 1] ?? null,
  };
}

/** Who makes and owns blocks. */
interface Maker {
  readonly key: KeyObject;
  /** The public key in hex. */
  readonly name: string;
}

function makerOf(seed: number, number: number): Maker {
  const secret = sha256(Buffer.from(`leak-soak ${seed} ${number}`));
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, secret]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return { key, name: hexOf(spki.subarray(SPKI_PREFIX_BYTES)) };
}

function makeBlock(index: number, prevHash: string, difficulty: number, maker: Maker): Block {
  const draft: Block = {
    index,
    timestamp: START_SEC + index * INTERVAL_SEC,
    version: CHAIN_VERSION,
    difficulty,
    random: index,
    nonce: 0,
    hash: '',
    prev_block_hash: prevHash,
    pub_key: maker.name,
    signature: '',
    transaction: index === 1 ? originOf(maker.name) : domainOf(index, maker.name),
  };
  return seal(draft, maker.key);
}

/** Tries nonces until the hash is difficult enough, then signs. */
function seal(draft: Block, key: KeyObject): Block {
  const form = hashForm(draft);
  for (let nonce = 0; ; nonce++) {
    form.writeBigUInt64LE(BigInt(nonce), NONCE_OFFSET);
    const hash = hashOf(form);
    if (difficultyOf(hash) < draft.difficulty) continue;
    const hashed = { ...draft, nonce, hash: hexOf(hash) };
    return { ...hashed, signature: hexOf(sign(null, hashForm(hashed), key)) };
  }
}

function originOf(owner: string): Transaction {
  const data = JSON.stringify({ zones: hexOf(sha256(Buffer.from(ZONE))) });
  return { class: 'origin', identity: '', confirmation: '', signing: owner, encryption: owner, data };
}

function domainOf(index: number, owner: string): Transaction {
  const name = sha256(Buffer.from(`soak${index}.${ZONE}`));
  const record = { type: 'A', domain: '@', addr: `192.0.2.${index % 256}`, ttl: 300 };
  const data = { encrypted: '', zone: ZONE, info: '', records: [record], contacts: [] };
  return {
    class: 'domain',
    identity: hexOf(sha256(name)),
    confirmation: hexOf(sha256(Buffer.concat([name, Buffer.from(owner, 'hex')]))),
    signing: owner,
    encryption: owner,
    data: JSON.stringify(data),
  };
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
