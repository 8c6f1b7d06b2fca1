import { StartError } from '../errors.js';
import type { Log } from '../ops/log.js';
import { type Block, CHAIN_VERSION, CLASS_ORIGIN, SETTLED_DEPTH } from './block.js';
import { decodeBlock } from './block-codec.js';
import { ChainStore } from './chain-store.js';
import { isProven } from './proof.js';
import { isTransactionAllowed } from './transaction-rules.js';

/** What the chain makes of a block, named as in ALFIS. */
export type BlockQuality = 'good' | 'twin' | 'future' | 'fork' | 'rewind' | 'bad';

/** Settings of the chain. */
export interface ChainOptions {
  readonly folder: string;
  /** Hash of the first block in upper-case hex; empty takes whichever comes first. */
  readonly origin: string;
  /** Zero bits that every block's hash must have. */
  readonly difficulty: number;
  /** Blocks at the end that are checked again at start. */
  readonly checkBlocks: number;
}

/** Seconds since 1970; a parameter so that tests can turn it. */
export type WallClock = () => number;
/** So far may a block's time be ahead of ours. */
const MAX_AHEAD_SEC = 60;
/** Blocks at the end that are kept in memory: those that forks are about, and one more. */
const RECENT_BLOCKS = 2 * SETTLED_DEPTH;

/** The chain of blocks: what it holds is checked, linked, and on disk. `append` and `removeLast` one after the other. */
export class Chain {
  readonly options: ChainOptions;
  private readonly store: ChainStore;
  private readonly now: WallClock;
  private readonly recent = new Map<number, Block>();
  private lastIndex = 0;

  private constructor(options: ChainOptions, store: ChainStore, now: WallClock) {
    this.options = options;
    this.store = store;
    this.now = now;
  }

  /**
   * Opens the chain and checks its last blocks again; from the first bad one on they are removed, and come again from
   * peers. Throws `StartError`.
   */
  static async open(options: ChainOptions, now: WallClock, log: Log): Promise<Chain> {
    const chain = new Chain(options, await ChainStore.open(options.folder), now);
    try {
      chain.lastIndex = await chain.store.height();
      await chain.removeBad(log);
    } catch (error) {
      await chain.close();
      throw error;
    }
    const first = chain.read(1);
    if (first !== null && options.origin !== '' && first.hash !== options.origin) {
      await chain.close();
      const next = 'correct origin, or give the node another folder';
      throw new StartError(
        `[chain] folder = "${options.folder}": begins with ${first.hash}, not origin; ${next}`,
      );
    }
    return chain;
  }

  /** Index of the last block, 0 in an empty chain. */
  get height(): number {
    return this.lastIndex;
  }

  /** The last block; null in an empty chain. */
  get tip(): Block | null {
    return this.read(this.lastIndex);
  }

  /** Hash of the first block; empty as long as it is not known. */
  get origin(): string {
    return this.options.origin === '' ? (this.read(1)?.hash ?? '') : this.options.origin;
  }

  /** The block at an index; null when there is none. */
  read(index: number): Block | null {
    if (index < 1 || index > this.lastIndex) return null;
    const known = this.recent.get(index);
    if (known !== undefined) return known;
    const bytes = this.store.read(index);
    return bytes === null ? null : decodeBlock(bytes);
  }

  /** The block in network form; null when there is none. */
  readBytes(index: number): Buffer | null {
    return index < 1 || index > this.lastIndex ? null : this.store.read(index);
  }

  /** The newest block of a domain; null when there is none. */
  latestOf(identity: string): Block | null {
    const index = this.store.latestOf(identity);
    return index === null ? null : this.read(index);
  }

  /** The newest block with a domain that a key made; null when there is none. */
  latestBy(pubKey: string): Block | null {
    const index = this.store.latestBy(pubKey);
    return index === null ? null : this.read(index);
  }

  /**
   * What is to be done with a block, in ALFIS's order: a block beyond the next one is `future` before anything about it
   * is proven. `fork`: another block of a height that is not settled; `rewind`: the block before it is another one.
   */
  qualityOf(block: Block): BlockQuality {
    const { index } = block;
    if (index < 1 || block.version > CHAIN_VERSION || block.timestamp > this.now() + MAX_AHEAD_SEC)
      return 'bad';
    if (index > this.lastIndex + 1) return 'future';
    if (!isProven(block, this.options.difficulty)) return 'bad';
    const known = this.read(index);
    if (known?.hash === block.hash) return 'twin';
    const isSettled = index === 1 ? known !== null : index <= this.lastIndex - SETTLED_DEPTH;
    const before = this.read(index - 1);
    if ((before?.hash ?? '') !== block.prevHash) return isSettled || index === 1 ? 'bad' : 'rewind';
    if (known !== null) return isSettled ? 'bad' : 'fork';
    return this.isAllowedNext(block, before) ? 'good' : 'bad';
  }

  /** Adds a block that is `good`. */
  async append(block: Block): Promise<void> {
    await this.store.append(block);
    this.lastIndex = block.index;
    this.recent.set(block.index, block);
    this.recent.delete(block.index - RECENT_BLOCKS);
  }

  /** Removes the last block and returns it; null in an empty chain. */
  async removeLast(): Promise<Block | null> {
    const last = this.tip;
    const index = this.lastIndex;
    if (index === 0) return null;
    await this.store.removeLast(index);
    this.lastIndex -= 1;
    this.recent.delete(index);
    return last;
  }

  async close(): Promise<void> {
    await this.store.close();
  }

  private isAllowedNext(block: Block, before: Block | null): boolean {
    if (before === null) {
      const { origin } = this.options;
      return block.transaction?.class === CLASS_ORIGIN && (origin === '' || block.hash === origin);
    }
    return block.timestamp >= before.timestamp && isTransactionAllowed(block, this);
  }

  private async removeBad(log: Log): Promise<void> {
    const start = Math.max(1, this.lastIndex - this.options.checkBlocks + 1);
    for (let index = start; index <= this.lastIndex; index += 1) {
      if (this.isSound(index)) continue;
      log.info(
        `block ${index} of the chain is damaged: it is removed, with ${this.lastIndex - index} after it`,
      );
      while (this.lastIndex >= index) {
        await this.store.removeLast(this.lastIndex);
        this.lastIndex -= 1;
      }
    }
  }

  private isSound(index: number): boolean {
    try {
      const block = this.read(index);
      const before = index === 1 ? '' : this.read(index - 1)?.hash;
      return block !== null && block.index === index && block.prevHash === before && isProven(block, 0);
    } catch {
      return false;
    }
  }
}
