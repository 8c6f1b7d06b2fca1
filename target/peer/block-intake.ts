import type { Block } from '../chain/block.js';
import type { Branches } from '../chain/branches.js';
import type { Chain } from '../chain/chain.js';
import type { FutureBlocks } from './future-blocks.js';
import type { PeerCounters } from './peer-counters.js';
import type { SeenBlocks } from './seen-blocks.js';

/** What the intake works with. */
export interface IntakeDeps {
  readonly chain: Chain;
  readonly branches: Branches;
  readonly future: FutureBlocks;
  readonly seen: SeenBlocks;
  readonly counters: PeerCounters;
}

/** Who is told of what the intake finds. `from` is the number of a connection. */
export interface IntakeListener {
  /** The block is worthless and its sender ought to know. */
  onBad(from: number): void;
  /** The block at `index` is needed to judge another one that came from there; that one is at `held`. */
  onMissing(index: number, from: number, held: number): void;
  /** What came from there is of a branch that is worse than the chain. */
  onWorse(from: number): void;
  /** The chain has changed, and everything that had come is dealt with. */
  onChanged(): void;
  /** An error of ours, or of the disk. */
  onError(error: unknown): void;
}

interface Arrival {
  readonly block: Block;
  readonly from: number;
}

/** Blocks that wait while another one is written: more than all that are ever asked for at a time. */
const MAX_WAITING = 256;

/**
 * Takes blocks as they come and makes the chain of them. What belongs later is kept for later without delay; what can be
 * added now goes through one line, since the chain is written one block after the other.
 */
export class BlockIntake {
  private readonly deps: IntakeDeps;
  private readonly listener: IntakeListener;
  private waiting: Arrival[] = [];
  private current: Arrival | null = null;
  private working: Promise<void> | null = null;
  private isClosed = false;

  constructor(deps: IntakeDeps, listener: IntakeListener) {
    this.deps = deps;
    this.listener = listener;
  }

  /** Takes a block that came by connection `from`, which was asked for it or not. */
  take(block: Block, from: number, isAsked: boolean): void {
    const { chain, future, seen, counters } = this.deps;
    if (this.isClosed) return;
    if (seen.isRepeated(block.hash, () => this.isHeld(block))) {
      counters.repeated += 1;
      return;
    }
    const quality = chain.qualityOf(block);
    if (quality === 'twin') counters.repeated += 1;
    else if (quality === 'bad') this.reject(from);
    else if (quality !== 'future') this.enqueue({ block, from });
    else {
      const offer = future.offer({ block, from }, chain.height);
      if (offer === 'refused') counters.refusedBlocks += 1;
      else if (offer === 'junk' && isAsked) this.reject(from);
      else if (offer === 'junk') counters.badBlocks += 1;
    }
  }

  /** True while a block of this index is being dealt with, or about to be. */
  isBusyWith(index: number): boolean {
    return this.current?.block.index === index || this.waiting.some(({ block }) => block.index === index);
  }

  /** Resolves when nothing is being written any more; what waits is dropped, and more is not taken. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.waiting = [];
    await this.working;
  }

  private isHeld({ index, hash }: Block): boolean {
    const { chain, future, branches } = this.deps;
    return chain.read(index)?.hash === hash || future.has(index) || branches.has(hash);
  }

  private reject(from: number): void {
    this.deps.counters.badBlocks += 1;
    this.listener.onBad(from);
  }

  private enqueue(arrival: Arrival): void {
    if (this.waiting.length >= MAX_WAITING) {
      this.deps.counters.refusedBlocks += 1;
      return;
    }
    this.waiting.push(arrival);
    this.working ??= this.work().catch((error) => {
      [this.working, this.current] = [null, null];
      this.listener.onError(error);
    });
  }

  private async work(): Promise<void> {
    const { chain, future } = this.deps;
    for (;;) {
      const arrival = this.isClosed ? null : (this.waiting.shift() ?? future.take(chain.height + 1));
      if (arrival === null) break;
      this.current = arrival;
      await this.process(arrival);
      this.current = null;
    }
    // In the same turn as the last look at what waits, so that nothing is left lying between the two.
    this.working = null;
    if (!this.isClosed) this.listener.onChanged();
  }

  private async process({ block, from }: Arrival): Promise<void> {
    const { chain, future, seen, counters } = this.deps;
    switch (chain.qualityOf(block)) {
      case 'good':
        await this.append(block);
        break;
      case 'fork':
      case 'rewind':
        seen.verified(block.hash);
        await this.branchOff(block, from);
        break;
      case 'bad':
        this.reject(from);
        break;
      case 'twin':
        counters.repeated += 1;
        break;
      case 'future':
        // The chain was shortened since the block came.
        future.offer({ block, from }, chain.height);
        break;
    }
  }

  private async append(block: Block): Promise<void> {
    const { chain, future, seen, counters } = this.deps;
    await chain.append(block);
    counters.blocksAdded += 1;
    seen.verified(block.hash);
    future.advance(chain.height);
  }

  private async branchOff(block: Block, from: number): Promise<void> {
    const { chain, branches } = this.deps;
    branches.add(block);
    const step = branches.stepFor(block, chain);
    if (step.kind === 'adopt') await this.adopt(step.blocks);
    else if (step.kind === 'ask') this.listener.onMissing(step.index, from, block.index);
    else if (step.kind === 'settled') this.reject(from);
    else this.listener.onWorse(from);
  }

  /** Puts a branch in the place of the chain's last blocks; should it break the rules, all is as before. */
  private async adopt(path: readonly [Block, ...Block[]]): Promise<void> {
    const { chain, branches, counters } = this.deps;
    const height = chain.height;
    const start = path[0].index;
    const undone = await this.removeFrom(start);
    for (const block of path) {
      if (chain.qualityOf(block) !== 'good') break;
      await this.append(block);
    }
    if (chain.height === path.at(-1)?.index || chain.height > height) {
      counters.undone += undone.length;
      for (const block of undone) branches.add(block);
      return;
    }
    await this.removeFrom(start);
    for (const block of undone) await this.append(block);
  }

  /** Removes blocks from this index on and returns them in their order. */
  private async removeFrom(index: number): Promise<Block[]> {
    const removed: Block[] = [];
    while (this.deps.chain.height >= index) {
      const last = await this.deps.chain.removeLast();
      if (last === null) break;
      removed.unshift(last);
    }
    return removed;
  }
}
