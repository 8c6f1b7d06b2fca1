import type { Block } from '../chain/block.js';
import type { StructureSize } from '../ops/structure.js';

/** A block that came before those that belong in front of it, and the number of the connection that it came by. */
export interface FutureBlock {
  readonly block: Block;
  readonly from: number;
}

/** What became of a block: `junk` is not what it claims to be. */
export type FutureOffer = 'kept' | 'refused' | 'junk';

/** Blocks that wait for their turn, by index. */
export interface FutureBlocks {
  /** Offers a block beyond the next one of a chain of this height. */
  offer(future: FutureBlock, height: number): FutureOffer;
  has(index: number): boolean;
  /** Lets go of a block and returns it; null when there is none. */
  take(index: number): FutureBlock | null;
  /** How many more may be asked for without one of them being refused; null where there is no limit. */
  room(): number | null;
  /** The chain has grown to this height. */
  advance(height: number): void;
  /** The chain is as high as any peer's. */
  clear(): void;
  size(): StructureSize;
}

/** Name under which `/health` lists them, whichever implementation is in use; seed 000's. */
export const FUTURE_STRUCTURE = 'future_blocks';
