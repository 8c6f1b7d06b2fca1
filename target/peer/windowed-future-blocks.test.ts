import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, blockWeight } from '../chain/block.js';
import { blocks, PLAN } from '../fixtures/chain.js';
import { UnboundedFutureBlocks } from './unbounded-future-blocks.js';
import { WindowedFutureBlocks } from './windowed-future-blocks.js';

const CHAIN = blocks(60);
const LIMITS = { blocks: 10, bytes: 1 << 20, window: 40, difficulty: PLAN.difficulty };
const at = (index: number) => ({ block: CHAIN[index - 1] as Block, from: 1 });

describe('windowed future blocks', () => {
  it('keeps what is within the window, gives it once, and lets go of what the chain has passed', () => {
    const future = new WindowedFutureBlocks(LIMITS);
    expect([4, 5, 6, 45, 46].map((index) => future.offer(at(index), 5))).toEqual([
      'refused',
      'refused',
      'kept',
      'kept',
      'refused',
    ]);
    expect(future.take(6)?.block).toBe(CHAIN[5]);
    expect(future.take(6)).toBeNull();
    future.offer(at(7), 5);
    future.advance(7);
    expect([future.has(7), future.has(45)]).toEqual([false, true]);
    future.clear();
    expect(future.size()).toMatchObject({ entries: 0, bytes: 0 });
  });

  it('keeps nothing that is not what it claims to be, and no second block of an index', () => {
    const future = new WindowedFutureBlocks(LIMITS);
    const junk = { ...(CHAIN[9] as Block), random: 7 };
    expect(future.offer({ block: junk, from: 1 }, 5)).toBe('junk');
    expect(future.offer(at(10), 5)).toBe('kept');
    const rival = blocks(1, { seed: 'rival' }, CHAIN[8] as Block)[0] as Block;
    expect(future.offer({ block: rival, from: 2 }, 5)).toBe('refused');
    expect(future.take(10)?.block).toBe(CHAIN[9]);
  });

  it('puts the farthest block out for one that is needed sooner, and never the other way round', () => {
    const future = new WindowedFutureBlocks(LIMITS);
    for (let index = 20; index < 30; index += 1) expect(future.offer(at(index), 5)).toBe('kept');
    expect(future.room()).toBe(0);
    expect(future.offer(at(31), 5)).toBe('refused');
    expect(future.offer(at(6), 5)).toBe('kept');
    expect([future.has(29), future.has(28), future.has(6)]).toEqual([false, true, true]);
  });

  it('holds the lowest ones of whatever comes in whatever order, in number and in bytes', () => {
    const order = fc.shuffledSubarray(CHAIN.slice(1, 41), { minLength: 1 });
    const limits = fc.record({
      blocks: fc.integer({ min: 1, max: 20 }),
      kilobytes: fc.integer({ min: 2, max: 30 }),
    });
    fc.assert(
      fc.property(order, limits, (arrivals, { blocks: most, kilobytes }) => {
        const bytes = kilobytes * 1000;
        const future = new WindowedFutureBlocks({ ...LIMITS, blocks: most, bytes });
        for (const block of arrivals) future.offer({ block, from: 1 }, 1);
        const lowest = arrivals.map(({ index }) => index).sort((a, b) => a - b);
        const { entries, bytes: held } = future.size();
        expect(entries).toBeLessThanOrEqual(most);
        expect(held).toBeLessThanOrEqual(bytes);
        expect(lowest.slice(0, entries).every((index) => future.has(index))).toBe(true);
      }),
    );
  });
});

describe('unbounded future blocks', () => {
  it('keeps everything, proven or not, until it is cleared', () => {
    const future = new UnboundedFutureBlocks();
    for (let index = 100; index < 600; index += 1) {
      future.offer({ block: { ...(CHAIN[1] as Block), index: index * 1000 }, from: 1 });
    }
    future.advance();
    expect(future.size()).toMatchObject({ entries: 500, limit: null });
    future.clear();
    expect(future.size().entries).toBe(0);
  });
});

describe('the weight of a block', () => {
  it('follows its data', () => {
    const [, small] = CHAIN as [Block, Block];
    const [, large] = blocks(2, { paddingBytes: 5000 }) as [Block, Block];
    expect(blockWeight(large) - blockWeight(small)).toBe(5000);
  });
});
