import { describe, expect, it } from 'vitest';
import { blocks, chainFolder, NOW_SEC, openChain, PLAN } from '../fixtures/chain.js';
import type { Block } from './block.js';
import { domainOf, keyOf, makeBlock, sealBlock } from './make-chain.js';
import { difficultyOf, isBetter } from './proof.js';

const CHAIN = blocks(12) as [Block, Block, ...Block[]];
const at = (index: number): Block => CHAIN[index - 1] as Block;
/** The block with something changed, proven again. */
const resealed = (block: Block, change: Partial<Block>): Block =>
  sealBlock({ ...block, ...change }, keyOf(`${PLAN.seed}/${block.index}`));

describe('difficulty', () => {
  it('is the zero bits at the start of the first eight bytes and at the end of the last eight', () => {
    const hash = (hex: string): number => difficultyOf(Buffer.from(hex, 'hex'));
    expect(hash('ff'.repeat(32))).toBe(0);
    expect(hash(`00${'ff'.repeat(31)}`)).toBe(8);
    expect(hash(`01${'ff'.repeat(30)}80`)).toBe(7 + 7);
    expect(hash('00'.repeat(32))).toBe(128);
  });
});

describe('chain', () => {
  it('takes blocks one after the other, and has them again when it is opened anew', async () => {
    const folder = chainFolder();
    const chain = await openChain([], { folder });
    for (const block of CHAIN) {
      expect(chain.qualityOf(block)).toBe('good');
      await chain.append(block);
    }
    expect(chain.tip).toEqual(at(12));
    await chain.close();
    const again = await openChain([], { folder });
    expect(again.height).toBe(12);
    expect(CHAIN.map(({ index }) => again.read(index))).toEqual(CHAIN);
    expect(again.read(13)).toBeNull();
    await again.close();
  });

  it('calls blocks what ALFIS calls them, the future ones before anything is proven', async () => {
    const chain = await openChain(CHAIN.slice(0, 8));
    const fork = blocks(3, { seed: 'other' }, at(6));
    const rival = fork[2] as Block;
    expect(chain.qualityOf(at(9))).toBe('good');
    expect(chain.qualityOf(at(8))).toBe('twin');
    expect(chain.qualityOf({ ...at(12), hash: 'AB'.repeat(32) })).toBe('future');
    expect(chain.qualityOf(fork[0] as Block)).toBe('fork');
    expect(chain.qualityOf(rival)).toBe('rewind');
    const deep = blocks(1, { seed: 'other' }, at(3))[0] as Block;
    expect(chain.qualityOf(deep)).toBe('bad');
    await chain.close();
  });

  it('takes nothing for its second origin', async () => {
    const chain = await openChain(CHAIN.slice(0, 2));
    expect(chain.qualityOf(blocks(1, { seed: 'other' })[0] as Block)).toBe('bad');
    expect(chain.qualityOf(resealed(at(1), { index: 0 }))).toBe('bad');
    await chain.close();
    const bound = await openChain([], { origin: at(1).hash });
    expect(bound.qualityOf(blocks(1, { seed: 'other' })[0] as Block)).toBe('bad');
    expect(bound.qualityOf(at(1))).toBe('good');
    await bound.close();
  });

  it.each<readonly [string, (next: Block) => Block]>([
    ['a newer version of the rules', (next) => resealed(next, { version: 2 })],
    ['a time more than a minute ahead', (next) => resealed(next, { timestamp: NOW_SEC + 61 })],
    ['a time before that of the block before', (next) => resealed(next, { timestamp: at(8).timestamp - 1 })],
    ['too little work asked of it', (next) => resealed(next, { difficulty: PLAN.difficulty - 1 })],
    ['a hash that is not its own', (next) => ({ ...next, random: next.random + 1 })],
    ['a signature that is not its own', (next) => ({ ...next, signature: at(8).signature })],
    ["a signature by another's key", (next) => sealBlock(next, keyOf('somebody else'))],
    ['a domain of a zone that there is not', (next) => withData(next, { encrypted: '', zone: 'com' })],
    ['data that is no JSON', (next) => withTransaction(next, { data: '{' })],
    ['a second origin', (next) => withTransaction(next, { class: 'origin' })],
    [
      'too many records',
      (next) =>
        withData(next, {
          zone: 'srv',
          records: Array.from({ length: 31 }, () => ({ type: 'A', domain: '@', addr: '192.0.2.1', ttl: 1 })),
        }),
    ],
  ])('refuses a block with %s', async (_what, change) => {
    const chain = await openChain(CHAIN.slice(0, 8));
    const next = at(9);
    expect(chain.qualityOf(change(next))).toBe('bad');
    expect(chain.qualityOf(next)).toBe('good');
    await chain.close();
  });

  it('takes a block that only confirms others', async () => {
    const chain = await openChain(CHAIN.slice(0, 8));
    expect(chain.qualityOf(resealed(at(9), { transaction: null }))).toBe('good');
    await chain.close();
  });

  it('leaves a domain to its owner until it is free, and gives each key one new domain a day', async () => {
    const chain = await openChain(CHAIN.slice(0, 8));
    const next = (domain: string, maker: string): Block => makeBlock(PLAN, at(8), domain, maker);
    expect(chain.qualityOf(next(domainOf(5), '5'))).toBe('good');
    expect(chain.qualityOf(next(domainOf(5), 'thief'))).toBe('bad');
    expect(chain.qualityOf(next('new.srv', '5'))).toBe('bad');
    const later = at(5).timestamp + 400 * 86_400;
    const late = { ...next(domainOf(5), 'heir'), timestamp: later };
    const old = await openChain(CHAIN.slice(0, 8), {}, () => later);
    expect(old.qualityOf(sealBlock(late, keyOf(`${PLAN.seed}/heir`)))).toBe('good');
    await Promise.all([chain.close(), old.close()]);
  });

  it('undoes blocks as if they had never been there', async () => {
    const chain = await openChain(CHAIN.slice(0, 8));
    const renewed = makeBlock({ ...PLAN, paddingBytes: 9 }, at(8), domainOf(5), '5');
    await chain.append(renewed);
    expect(chain.latestOf(renewed.transaction?.identity ?? '')).toEqual(renewed);
    expect(await chain.removeLast()).toEqual(renewed);
    expect(chain.latestOf(renewed.transaction?.identity ?? '')).toEqual(at(5));
    expect(await chain.removeLast()).toEqual(at(8));
    expect(chain.latestBy(at(8).pubKey)).toBeNull();
    expect(chain.tip).toEqual(at(7));
    expect(chain.qualityOf(at(8))).toBe('good');
    await chain.close();
  });

  it('removes what is damaged among its last blocks when it is opened, and all after it', async () => {
    const folder = chainFolder();
    const chain = await openChain(CHAIN.slice(0, 8), { folder });
    await chain.append({ ...at(9), signature: at(8).signature });
    await chain.append(at(10));
    await chain.close();
    const again = await openChain([], { folder });
    expect(again.tip).toEqual(at(8));
    expect(again.latestOf(at(10).transaction?.identity ?? '')).toBeNull();
    await again.close();
  });

  it('is for one process at a time, and for one origin', async () => {
    const folder = chainFolder();
    const chain = await openChain(CHAIN, { folder });
    await expect(openChain([], { folder })).rejects.toThrow(/\[chain\] folder = ".*": cannot be opened/);
    await chain.close();
    await expect(openChain([], { folder, origin: at(2).hash })).rejects.toThrow('not origin');
    await (await openChain([], { folder, origin: at(1).hash })).close();
  });
});

describe('isBetter', () => {
  it('says of any two blocks which one is to be kept, whoever asks', () => {
    for (const one of CHAIN) {
      for (const other of CHAIN) {
        if (one !== other) expect(isBetter(one, other)).toBe(!isBetter(other, one));
      }
    }
  });
});

function withTransaction(block: Block, change: Partial<NonNullable<Block['transaction']>>): Block {
  if (block.transaction === null) throw new Error('no transaction');
  return resealed(block, { transaction: { ...block.transaction, ...change } });
}

function withData(block: Block, data: unknown): Block {
  return withTransaction(block, { data: JSON.stringify(data) });
}
