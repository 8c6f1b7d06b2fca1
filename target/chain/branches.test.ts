import { describe, expect, it } from 'vitest';
import { blocks } from '../fixtures/chain.js';
import type { Block } from './block.js';
import { Branches, MAX_BRANCH_BLOCKS } from './branches.js';
import { isBetter } from './proof.js';

const OWN = blocks(20);
const chain = { height: 20, read: (index: number): Block | null => OWN[index - 1] ?? null };
/** Blocks that leave the chain after `index`. */
const leavingAfter = (index: number, count: number, seed = 'rival'): [Block, ...Block[]] =>
  blocks(count, { seed }, OWN[index - 1]) as [Block, ...Block[]];

function stepsFor(...path: Block[]) {
  const branches = new Branches();
  return path.map((block) => {
    branches.add(block);
    return branches.stepFor(block, chain);
  });
}

describe('branches', () => {
  it('ask for the parent of a block, and for its parent, until one is in the chain', () => {
    const path = leavingAfter(17, 4);
    const [first, second, third, fourth] = path;
    expect(stepsFor(...[fourth, third, second, first].flatMap((block) => block ?? []))).toEqual([
      { kind: 'ask', index: 20 },
      { kind: 'ask', index: 19 },
      { kind: 'ask', index: 18 },
      { kind: 'adopt', blocks: path },
    ]);
  });

  it('keep the chain when the other one is shorter, however good its first block', () => {
    for (const seed of ['a', 'b', 'c', 'd']) {
      expect(stepsFor(...leavingAfter(17, 2, seed)).at(-1)).toEqual({ kind: 'keep' });
    }
  });

  it('take the one of two equally long ones whose first block is better', () => {
    for (const seed of ['a', 'b', 'c', 'd', 'e', 'f']) {
      const path = leavingAfter(18, 2, seed);
      const kind = isBetter(path[0], OWN[18] as Block) ? 'adopt' : 'keep';
      expect(stepsFor(...path).at(-1)).toMatchObject({ kind });
    }
  });

  it('leave alone what is settled, four blocks down', () => {
    expect(stepsFor(...leavingAfter(16, 5)).at(-1)).toMatchObject({ kind: 'adopt' });
    expect(stepsFor(...leavingAfter(15, 6)).at(-1)).toEqual({ kind: 'settled' });
    const deep = leavingAfter(15, 6).toReversed();
    expect(stepsFor(...deep).map(({ kind }) => kind)).toEqual([
      ...Array(4).fill('ask'),
      'settled',
      'settled',
    ]);
  });

  it('are few, the oldest leaving first', () => {
    const branches = new Branches();
    const rivals = Array.from({ length: 30 }, (_, index) => leavingAfter(18, 1, `${index}`)[0]);
    for (const rival of rivals) branches.add(rival);
    expect(branches.size).toBe(MAX_BRANCH_BLOCKS);
    expect([branches.has(rivals[0]?.hash ?? ''), branches.has(rivals[29]?.hash ?? '')]).toEqual([
      false,
      true,
    ]);
  });
});
