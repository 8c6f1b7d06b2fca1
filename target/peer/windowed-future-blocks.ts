import { blockWeight } from '../chain/block.js';
import { isProven } from '../chain/proof.js';
import { type StructureSize, weighedStructure } from '../ops/structure.js';
import { FUTURE_STRUCTURE, type FutureBlock, type FutureBlocks, type FutureOffer } from './future-blocks.js';

/** Bounds on the blocks that wait. */
export interface FutureLimits {
  readonly blocks: number;
  readonly bytes: number;
  /** How far above the chain a block may be. */
  readonly window: number;
  /** Zero bits that a block's hash must have. */
  readonly difficulty: number;
}

/** Room is promised for blocks of this weight: twice an ordinary one. */
const EXPECTED_BLOCK_BYTES = 3000;

/**
 * The node's store of blocks to come: bounded in number and bytes, and only for blocks whose work, hash and signature
 * were found right. When there is no room, the block farthest from being needed goes, which may be the new one. Seed
 * 000's fix throws the lowest indexes out first, which are the ones that are needed next; it also keeps blocks up to
 * 100 below the chain's height, which nothing ever takes out.
 */
export class WindowedFutureBlocks implements FutureBlocks {
  private readonly limits: FutureLimits;
  private readonly blocks = new Map<number, FutureBlock>();
  private bytes = 0;

  constructor(limits: FutureLimits) {
    this.limits = limits;
  }

  offer(future: FutureBlock, height: number): FutureOffer {
    const { block } = future;
    const { limits } = this;
    if (block.index <= height || block.index > height + limits.window || this.blocks.has(block.index)) {
      return 'refused';
    }
    if (!isProven(block, limits.difficulty)) return 'junk';
    const bytes = blockWeight(block);
    while (this.blocks.size >= limits.blocks || this.bytes + bytes > limits.bytes) {
      const farthest = this.farthest();
      if (farthest <= block.index) return 'refused';
      this.take(farthest);
    }
    this.blocks.set(block.index, future);
    this.bytes += bytes;
    return 'kept';
  }

  has(index: number): boolean {
    return this.blocks.has(index);
  }

  take(index: number): FutureBlock | null {
    const future = this.blocks.get(index);
    if (future === undefined) return null;
    this.blocks.delete(index);
    this.bytes -= blockWeight(future.block);
    return future;
  }

  room(): number {
    const { limits } = this;
    const byBytes = Math.floor((limits.bytes - this.bytes) / EXPECTED_BLOCK_BYTES);
    return Math.max(0, Math.min(limits.blocks - this.blocks.size, byBytes));
  }

  advance(height: number): void {
    for (const index of this.blocks.keys()) if (index <= height) this.take(index);
  }

  clear(): void {
    this.blocks.clear();
    this.bytes = 0;
  }

  size(): StructureSize {
    return weighedStructure(FUTURE_STRUCTURE, this.blocks.size, this.bytes, this.limits.bytes);
  }

  /** The highest index that waits; below every index when none does. */
  private farthest(): number {
    let highest = 0;
    for (const index of this.blocks.keys()) if (index > highest) highest = index;
    return highest;
  }
}
