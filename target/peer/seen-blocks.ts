import { countedStructure, type StructureSize } from '../ops/structure.js';

/** Remembers blocks, so that one that comes again is not dealt with again. */
export interface SeenBlocks {
  /** A block with this claimed hash has come; true when it is to be dropped. `isHeld`: whether the node has that very block. */
  isRepeated(hash: string, isHeld: () => boolean): boolean;
  /** The block with this hash is what it claims to be. */
  verified(hash: string): void;
  size(): StructureSize;
}

/** Name under which `/health` lists them, whichever implementation is in use; seed 000's. */
export const SEEN_STRUCTURE = 'seen_blocks';

/**
 * The node's memory of blocks: hashes in two generations, the older of which goes when the younger is full, so that
 * there is no moment at which all are forgotten (seed 000's fix clears the set at its limit, and an attacker needs 10 000
 * invented hashes for that). A hash comes in only when a block was found to have it: one that is merely claimed would
 * keep out the block that really has it.
 */
export class RotatingSeenBlocks implements SeenBlocks {
  private readonly limit: number;
  private young = new Set<string>();
  private old = new Set<string>();

  constructor(limit: number) {
    this.limit = limit;
  }

  isRepeated(hash: string, isHeld: () => boolean): boolean {
    // A block that was verified once and is gone since (undone, or put out) has to be taken again.
    return (this.young.has(hash) || this.old.has(hash)) && isHeld();
  }

  verified(hash: string): void {
    if (this.young.has(hash)) return;
    if (this.young.size >= Math.max(1, Math.floor(this.limit / 2)))
      [this.old, this.young] = [this.young, new Set()];
    this.young.add(hash);
    this.old.delete(hash);
  }

  size(): StructureSize {
    return countedStructure(SEEN_STRUCTURE, this.young.size + this.old.size, this.limit);
  }
}
