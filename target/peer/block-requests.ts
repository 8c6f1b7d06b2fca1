import type { Clock } from '../clock.js';
import { EqualWaits } from '../dns/equal-waits.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';

/** A block that was asked for; `from` is the number of the connection, null where an index is only kept from being asked for. */
interface Request {
  readonly from: number | null;
  readonly sentAtMs: number;
}

/** Indexes remembered for each connection: an answer that comes after its time is an answer still. */
const MAX_REMEMBERED = 256;

/**
 * Blocks that were asked for and have not come: each index of one peer at a time, with one deadline. What was asked of a
 * peer is remembered beyond that, so that a late answer is told from one to a question that nobody asked.
 */
export class BlockRequests {
  private readonly waits: EqualWaits<Request>;
  private readonly asked = new Map<number, Set<number>>();
  private readonly outstanding = new Map<number, number>();
  private readonly clock: Clock;
  private readonly limit: number;

  /** `onLate` is told of each request whose time is over. */
  constructor(
    timeoutMs: number,
    limit: number,
    clock: Clock,
    onLate: (index: number, from: number | null) => void,
  ) {
    this.clock = clock;
    this.limit = limit;
    this.waits = new EqualWaits(timeoutMs, clock, (index, { from }) => {
      this.countDown(from);
      onLate(index, from);
    });
  }

  /** Notes that a block is asked of a peer. */
  add(index: number, from: number): void {
    this.settle(index);
    this.waits.add(index, { from, sentAtMs: this.clock() });
    this.outstanding.set(from, this.outstandingOf(from) + 1);
    this.remember(index, from);
  }

  /** Notes that a block is asked of a peer, beside whoever else is asked for it, and without a deadline. */
  remember(index: number, from: number): void {
    const remembered = this.asked.get(from) ?? new Set();
    remembered.delete(index);
    remembered.add(index);
    this.asked.set(from, remembered);
    if (remembered.size > MAX_REMEMBERED)
      for (const oldest of remembered) return void remembered.delete(oldest);
  }

  /** Keeps an index from being asked for as long as an answer may take. */
  hold(index: number): void {
    this.settle(index);
    this.waits.add(index, { from: null, sentAtMs: this.clock() });
  }

  /** Notes that a peer sent a block; true when it was asked for it. */
  answered(index: number, from: number): boolean {
    if (this.waits.get(index)?.from === from) this.settle(index);
    return this.asked.get(from)?.delete(index) ?? false;
  }

  isOpen(index: number): boolean {
    return this.waits.get(index) !== undefined;
  }

  /** How many answers a peer owes. */
  outstandingOf(from: number): number {
    return this.outstanding.get(from) ?? 0;
  }

  get size(): number {
    return this.waits.size;
  }

  /** The connection is gone; what was asked of it may be asked of others. */
  forget(from: number): void {
    for (const index of this.asked.get(from) ?? []) {
      if (this.waits.get(index)?.from === from) this.settle(index);
    }
    this.asked.delete(from);
    this.outstanding.delete(from);
  }

  structure(): StructureSize {
    return countedStructure('block_requests', this.waits.size, this.limit);
  }

  close(): void {
    this.waits.close();
    this.asked.clear();
    this.outstanding.clear();
  }

  private settle(index: number): void {
    const open = this.waits.get(index);
    if (open === undefined) return;
    this.waits.remove(index);
    this.countDown(open.from);
  }

  private countDown(from: number | null): void {
    if (from === null) return;
    const left = this.outstandingOf(from) - 1;
    if (left <= 0) this.outstanding.delete(from);
    else this.outstanding.set(from, left);
  }
}
