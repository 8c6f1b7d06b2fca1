import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { type Block, CHAIN_VERSION, CLASS_DOMAIN, CLASS_ORIGIN, type Transaction, ZONES } from './block.js';
import { hashForm, NONCE_OFFSET } from './hash-form.js';
import { confirmationOf, identityOf } from './identity.js';
import { difficultyOf, hashOf } from './proof.js';

/** What a made chain is like. The same plan gives the same blocks. */
export interface ChainPlan {
  /** Names the keys of the makers. */
  readonly seed: string;
  readonly difficulty: number;
  /** Time of the first block, in seconds since 1970. */
  readonly startSec: number;
  /** Time from one block to the next, in seconds. */
  readonly intervalSec: number;
  /** Bytes of text in each block beside what a domain with one address needs. */
  readonly paddingBytes: number;
}

const ED25519_PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const ED25519_SPKI_PREFIX_BYTES = 12;

/** The domain that block `index` of a made chain is about. */
export function domainOf(index: number): string {
  return `n${index}.srv`;
}

/** Makes blocks without end, after `before` or from the origin on (null). Each has a domain and a maker of its own. */
export function* makeChain(plan: ChainPlan, before: Block | null = null): Generator<Block, never> {
  for (let last = before; ; ) {
    last = makeBlock(plan, last);
    yield last;
  }
}

/** Makes the block that follows `before`, with this transaction's domain and data in place of the plan's if given. */
export function makeBlock(plan: ChainPlan, before: Block | null, domain?: string, maker?: string): Block {
  const index = (before?.index ?? 0) + 1;
  const key = keyOf(`${plan.seed}/${maker ?? index}`);
  const pubKey = publicHex(key);
  const timestamp = before === null ? plan.startSec : before.timestamp + plan.intervalSec;
  const draft: Block = {
    index,
    timestamp,
    version: CHAIN_VERSION,
    difficulty: plan.difficulty,
    random: index,
    nonce: 0n,
    hash: '',
    prevHash: before?.hash ?? '',
    pubKey,
    signature: '',
    transaction: index === 1 ? originTransaction(pubKey) : domainTransaction(plan, index, pubKey, domain),
  };
  return sealBlock(draft, key);
}

/** Finds the nonce with which the block's hash is as difficult as the block says, and signs it. */
export function sealBlock(draft: Block, key: KeyObject): Block {
  const form = hashForm({ ...draft, hash: '', signature: '' });
  for (let nonce = 0n; ; nonce += 1n) {
    form.writeBigUInt64LE(nonce, NONCE_OFFSET);
    const hash = hashOf(form);
    if (difficultyOf(hash) < draft.difficulty) continue;
    const block = { ...draft, nonce, hash: hex(hash), signature: '' };
    return { ...block, signature: hex(sign(null, hashForm(block), key)) };
  }
}

/** The Ed25519 key that belongs to a name. */
export function keyOf(name: string): KeyObject {
  const secret = createHash('sha256').update(name).digest();
  return createPrivateKey({
    key: Buffer.concat([ED25519_PKCS8_PREFIX, secret]),
    format: 'der',
    type: 'pkcs8',
  });
}

function publicHex(key: KeyObject): string {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return hex(spki.subarray(ED25519_SPKI_PREFIX_BYTES));
}

function originTransaction(pubKey: string): Transaction {
  const zones = hex(
    createHash('sha256')
      .update([...ZONES].join('\n'))
      .digest(),
  );
  const data = JSON.stringify({ zones });
  return { class: CLASS_ORIGIN, identity: '', confirmation: '', signing: pubKey, encryption: pubKey, data };
}

function domainTransaction(
  plan: ChainPlan,
  index: number,
  pubKey: string,
  name = domainOf(index),
): Transaction {
  const zone = name.slice(name.lastIndexOf('.') + 1);
  const address = `192.0.2.${index % 256}`;
  const data = {
    encrypted: '',
    zone,
    info: 'x'.repeat(plan.paddingBytes),
    records: [{ type: 'A', domain: '@', addr: address, ttl: 300 }],
    contacts: [],
  };
  return {
    class: CLASS_DOMAIN,
    identity: identityOf(name),
    confirmation: confirmationOf(name, pubKey),
    signing: pubKey,
    encryption: pubKey,
    data: JSON.stringify(data),
  };
}

function hex(bytes: Buffer): string {
  return bytes.toString('hex').toUpperCase();
}
