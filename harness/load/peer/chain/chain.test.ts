import { createHash, createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodeCbor } from '../wire/cbor.js';
import { MAX_MESSAGE_BYTES } from '../wire/frames.js';
import { readMessage } from '../wire/read-message.js';
import { type Block, hashForm, networkForm } from './block.js';
import { createHostileBlocks } from './hostile-blocks.js';
import { makeChain } from './make-chain.js';
import { difficultyOf } from './proof.js';

const PLAN = { blocks: 200, difficulty: 5, seed: 11 };

/** A block of a chain with every field, those that the network form leaves out as empty. */
function blockOf(form: Buffer | null): Block {
  const read = decodeCbor(form as Buffer) as Block;
  const { prev_block_hash = '', transaction } = read;
  const empty = { identity: '', confirmation: '' };
  return { ...read, prev_block_hash, transaction: transaction && { ...empty, ...transaction } };
}

const ascii = (text: string): string => Buffer.from(text, 'latin1').toString('hex');
const text = (value: string): string =>
  `${value.length.toString(16).padStart(2, '0')}${'00'.repeat(7)}${ascii(value)}`;

describe('a block', () => {
  const block: Block = {
    index: 258,
    timestamp: 1,
    version: 1,
    difficulty: 10,
    random: 7,
    nonce: 3,
    hash: '',
    prev_block_hash: 'AB',
    pub_key: 'CD',
    signature: '',
    transaction: null,
  };
  const numbers =
    '0201000000000000' + '0100000000000000' + '01000000' + '0a000000' + '07000000' + '0300000000000000';

  it('is hashed in the legacy form of bincode: little-endian, texts behind their length, empty ones left out', () => {
    expect(hashForm(block).toString('hex')).toBe(numbers + text('AB') + text('CD'));
  });

  it('has a 1 in front of its transaction, and that in the order of its fields', () => {
    const transaction = {
      class: 'domain',
      identity: 'EF',
      confirmation: '',
      signing: '12',
      encryption: '',
      data: '{}',
    } as const;
    expect(hashForm({ ...block, transaction }).toString('hex')).toBe(
      `${numbers}${text('AB')}${text('CD')}01${text('domain')}${text('EF')}${text('12')}${text('{}')}`,
    );
  });

  it('goes over the wire as a map of its fields, numbers at their shortest, empty ones left out', () => {
    const name = (key: string): string => (0x60 + key.length).toString(16) + ascii(key);
    expect(networkForm({ ...block, index: 2 ** 40 }).toString('hex')).toBe(
      `a8${name('index')}1b0000010000000000${name('timestamp')}01${name('version')}01${name('difficulty')}0a` +
        `${name('random')}07${name('nonce')}03${name('prev_block_hash')}62${ascii('AB')}${name('pub_key')}62${ascii('CD')}`,
    );
  });
});

describe('an honest chain', () => {
  const chain = makeChain(PLAN);
  const blocks = Array.from({ length: PLAN.blocks }, (_, k) => blockOf(chain.block(k + 1)));

  it('is linked, signed, and shows its work', () => {
    let before = '';
    for (const block of blocks) {
      const hash = createHash('blake2b512')
        .update(hashForm({ ...block, hash: '', signature: '' }))
        .digest();
      expect(block.hash).toBe(hash.toString('hex', 0, 32).toUpperCase());
      expect(difficultyOf(Buffer.from(block.hash, 'hex'))).toBeGreaterThanOrEqual(PLAN.difficulty);
      expect(block.prev_block_hash).toBe(before);
      const spki = Buffer.from(`302a300506032b6570032100${block.pub_key}`, 'hex');
      const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
      const signature = Buffer.from(block.signature, 'hex');
      expect(verify(null, hashForm({ ...block, signature: '' }), key, signature)).toBe(true);
      before = block.hash;
    }
    expect(chain).toMatchObject({ height: 200, origin: blocks[0]?.hash, tip: before });
    expect(chain.block(201)).toBeNull();
  });

  it('has another domain in each block, and no maker twice within a day', () => {
    const domains = blocks.slice(1);
    expect(new Set(domains.map(({ transaction }) => transaction?.identity)).size).toBe(domains.length);
    const last = new Map<string, number>();
    for (const { pub_key, timestamp } of domains) {
      expect(timestamp - (last.get(pub_key) ?? 0)).toBeGreaterThanOrEqual(86_400);
      last.set(pub_key, timestamp);
    }
  });

  it('is the same for the same seed, and another one for another', () => {
    expect(makeChain(PLAN).tip).toBe(chain.tip);
    expect(makeChain({ ...PLAN, seed: 12 }).tip).not.toBe(chain.tip);
  });
});

describe('difficulty', () => {
  it.each([
    [`01${'ff'.repeat(31)}`, 7],
    [`00ff${'ff'.repeat(29)}80`, 15],
    [`${'ff'.repeat(31)}00`, 8],
    ['00'.repeat(32), 128],
  ])('of %s is %d', (hash, bits) => {
    expect(difficultyOf(Buffer.from(hash, 'hex'))).toBe(bits);
  });
});

describe('a hostile block', () => {
  const read = (bytes: Buffer): { index: number; block: Block } => {
    const message = readMessage(bytes);
    if (message.kind !== 'Block') throw new Error(`not a block: ${message.kind}`);
    return { index: Number(message.index), block: blockOf(message.block) };
  };

  it('from the future is another one each time, index and hash, in an ordinary size', () => {
    const hostile = createHostileBlocks(5);
    const seen = Array.from({ length: 50 }, () => read(Buffer.from(hostile.farFuture())));
    expect(new Set(seen.map(({ index }) => index)).size).toBe(50);
    expect(new Set(seen.map(({ block }) => block.hash)).size).toBe(50);
    for (const { index, block } of seen) {
      expect(Number(block.index)).toBe(index);
      expect(index).toBeGreaterThan(2 ** 32);
      expect(block.hash).toMatch(/^[0-9A-F]{64}$/);
    }
    expect(hostile.farFuture().length).toBeLessThan(3000);
  });

  it('of maximal size nearly fills a frame', () => {
    const message = createHostileBlocks(5).maximal();
    expect(message.length).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
    expect(message.length).toBeGreaterThan(MAX_MESSAGE_BYTES - 1500);
  });

  it('that is junk has the place and the hash of a real one, and nothing else of it', () => {
    const chain = makeChain({ ...PLAN, blocks: 5 });
    const real = blockOf(chain.block(3));
    const { index, block } = read(createHostileBlocks(5).junk(3, real.hash));
    expect(index).toBe(3);
    expect(block).toMatchObject({ index: 3, hash: real.hash });
    expect(block.signature).not.toBe(real.signature);
  });
});
