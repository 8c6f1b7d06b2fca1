import type { Clock } from '../clock.js';

/** Something that waits from the moment it was sent. */
export interface Waiting {
  readonly sentAtMs: number;
}

/** Called with what is due, after it was let go. */
export type OnDue<Item> = (slot: number, item: Item) => void;

/** What is due is noticed at most this part of the wait late. */
const CHECKS_PER_WAIT = 20;
const MIN_CHECK_MS = 10;
/**
 * Whatever came due since the last check is dealt with in one go, and a client's socket must hold the answers: at
 * 2 000/s that time out, 50 at a time (every 250 ms they were 500, more than a socket's default buffer takes).
 */
const MAX_CHECK_MS = 25;

/**
 * Items by slot that all wait equally long, with one timer for all of them, so that the number of timers does not
 * follow the load. A map keeps the order of insertion, so those due are always the first ones.
 */
export class EqualWaits<Item extends Waiting> {
  private readonly items = new Map<number, Item>();
  private readonly waitMs: number;
  private readonly clock: Clock;
  private readonly onDue: OnDue<Item>;
  private readonly timer: NodeJS.Timeout;

  constructor(waitMs: number, clock: Clock, onDue: OnDue<Item>) {
    this.waitMs = waitMs;
    this.clock = clock;
    this.onDue = onDue;
    const checkMs = Math.min(Math.max(waitMs / CHECKS_PER_WAIT, MIN_CHECK_MS), MAX_CHECK_MS);
    this.timer = setInterval(() => this.check(), checkMs);
  }

  get size(): number {
    return this.items.size;
  }

  get(slot: number): Item | undefined {
    return this.items.get(slot);
  }

  /** Enters an item that was sent just now; the slot must be free. */
  add(slot: number, item: Item): void {
    this.items.set(slot, item);
  }

  /** Lets go of an item before it is due, if it is there. */
  remove(slot: number): void {
    this.items.delete(slot);
  }

  /** Lets go of the item that waits longest and returns it; null when there is none. */
  takeFirst(): Item | null {
    for (const [slot, item] of this.items) {
      this.items.delete(slot);
      return item;
    }
    return null;
  }

  /** Lets go of everything. */
  close(): void {
    clearInterval(this.timer);
    this.items.clear();
  }

  private check(): void {
    const sentBefore = this.clock() - this.waitMs;
    for (const [slot, item] of this.items) {
      if (item.sentAtMs > sentBefore) return;
      this.items.delete(slot);
      this.onDue(slot, item);
    }
  }
}
