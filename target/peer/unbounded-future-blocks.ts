import { countedStructure, type StructureSize } from '../ops/structure.js';
import { FUTURE_STRUCTURE, type FutureBlock, type FutureBlocks, type FutureOffer } from './future-blocks.js';

/**
 * ALFIS's store of blocks to come before any fix: whatever is beyond the next block is kept, unproven and unasked,
 * until the chain is as high as the highest claim of any peer, which need not be true. Measured on Node 20, a block with
 * 500 bytes of data takes about 1.5 kB of live heap, one as large as a frame allows 33 kB.
 */
export class UnboundedFutureBlocks implements FutureBlocks {
  private readonly blocks = new Map<number, FutureBlock>();

  offer(future: FutureBlock): FutureOffer {
    this.blocks.set(future.block.index, future);
    return 'kept';
  }

  has(index: number): boolean {
    return this.blocks.has(index);
  }

  take(index: number): FutureBlock | null {
    const future = this.blocks.get(index) ?? null;
    this.blocks.delete(index);
    return future;
  }

  room(): null {
    return null;
  }

  /** What lies below the chain's height by now stays as well. */
  advance(): void {
    return;
  }

  clear(): void {
    this.blocks.clear();
  }

  size(): StructureSize {
    return countedStructure(FUTURE_STRUCTURE, this.blocks.size, null);
  }
}
