import type { Block } from './block.js';
import { SETTLED_DEPTH } from './block.js';
import type { Chain } from './chain.js';
import { isBetter } from './proof.js';

/** Blocks kept: two rivals for each block that is not settled, and for the one above the tip. */
export const MAX_BRANCH_BLOCKS = 2 * (SETTLED_DEPTH + 1);

/** What to do about a block that does not continue the chain. */
export type BranchStep =
  /** These blocks, in order, are to replace those from the first one's index on. */
  | { readonly kind: 'adopt'; readonly blocks: readonly [Block, ...Block[]] }
  /** The block at this index is needed, from the same peer. */
  | { readonly kind: 'ask'; readonly index: number }
  /** The chain is better as it is. */
  | { readonly kind: 'keep' }
  /** It leaves the chain where it is settled already. */
  | { readonly kind: 'settled' };

/**
 * Proven blocks that are not in the chain: rivals of its last ones, and what was undone. A longer branch is better;
 * of two equally long ones the one whose first block is, so that all nodes come to the same chain.
 */
export class Branches {
  /** By hash, the oldest first. */
  private readonly blocks = new Map<string, Block>();

  /** Keeps a proven block, for the time being. */
  add(block: Block): void {
    this.blocks.delete(block.hash);
    this.blocks.set(block.hash, block);
    for (const hash of this.blocks.keys()) {
      if (this.blocks.size <= MAX_BRANCH_BLOCKS) break;
      this.blocks.delete(hash);
    }
  }

  has(hash: string): boolean {
    return this.blocks.has(hash);
  }

  get size(): number {
    return this.blocks.size;
  }

  /** What to do about a block that was added. */
  stepFor(block: Block, chain: Pick<Chain, 'height' | 'read'>): BranchStep {
    let path: readonly [Block, ...Block[]] = [block];
    while (chain.read(path[0].index - 1)?.hash !== path[0].prevHash) {
      const [first] = path;
      if (first.index - 1 <= Math.max(1, chain.height - SETTLED_DEPTH)) return { kind: 'settled' };
      const before = this.blocks.get(first.prevHash);
      if (before === undefined || before.index !== first.index - 1)
        return { kind: 'ask', index: first.index - 1 };
      path = [before, ...path];
    }
    const [first] = path;
    if (first.index <= Math.max(1, chain.height - SETTLED_DEPTH)) return { kind: 'settled' };
    const blocks = this.extended(path);
    const ours = chain.read(first.index);
    const length = first.index + blocks.length - 1;
    const isLonger = length > chain.height;
    const wins = isLonger || (length === chain.height && (ours === null || isBetter(first, ours)));
    return wins ? { kind: 'adopt', blocks } : { kind: 'keep' };
  }

  /** The path with the blocks that follow it, as far as they are here. */
  private extended(path: readonly [Block, ...Block[]]): readonly [Block, ...Block[]] {
    const last = path.at(-1) ?? path[0];
    for (const next of this.blocks.values()) {
      if (next.index === last.index + 1 && next.prevHash === last.hash) return this.extended([...path, next]);
    }
    return path;
  }
}
