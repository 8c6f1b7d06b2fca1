/**
 * Questions sent and not yet answered. Slots are handed out in turn, so that one is used again only long after it
 * was left and a late answer to an expired question does not meet a new one; a question that gets no answer holds
 * its own slot and nothing else. A list through the slots keeps the order in which they were opened: every question
 * has the same timeout, so the oldest is always the next to expire. All memory is allocated here; nothing grows
 * with the load.
 */
export interface InFlightWindow {
  /** Takes the next free slot for a question about to be sent; null when there is none near by. */
  open(sequence: number, intendedMs: number, deadlineMs: number): number | null;
  /** Takes back the last `count` slots opened, none of which was confirmed. */
  unopen(count: number): void;
  /** The question of a slot from `open` has been handed to the kernel: from now on it waits for its answer. */
  confirm(slot: number): void;
  /** Ends a slot: answered, or never sent. */
  release(slot: number): void;
  /** False when the slot waits for nothing: free, expired, or not yet sent. */
  isWaiting(slot: number): boolean;
  /** Number of the question that a slot is open for. */
  sequenceOf(slot: number): number;
  /** Intended time of the question that a slot is open for. */
  intendedMsOf(slot: number): number;
  /** Releases every question whose deadline is not after `nowMs`; returns how many. */
  expire(nowMs: number): number;
  /** Slots neither released nor expired. */
  size(): number;
  /** Bytes held, the same at all times. */
  readonly bytes: number;
}

const FREE = 0;
const SENDING = 1;
const WAITING = 2;

/** Slots looked at for a free one before giving up; the next search goes on from there. */
const MAX_SEARCH = 4096;

/** @param capacity number of slots, a power of two */
export function createInFlightWindow(capacity: number): InFlightWindow {
  // Filled so that every page is resident now: this process's own memory must not seem to grow under load.
  const sequences = new Float64Array(capacity).fill(0);
  const intendedMs = new Float64Array(capacity).fill(0);
  const deadlinesMs = new Float64Array(capacity).fill(0);
  const states = new Uint8Array(capacity).fill(FREE);
  /** Neighbours in the order of opening; the entry behind the last slot is both ends of the list. */
  const ends = capacity;
  const older = new Int32Array(capacity + 1).fill(ends);
  const newer = new Int32Array(capacity + 1).fill(ends);
  const last = capacity - 1;
  let cursor = 0;
  let size = 0;

  const release = (slot: number): void => {
    if (states[slot] === FREE) return;
    states[slot] = FREE;
    size--;
    const before = older[slot] as number;
    const after = newer[slot] as number;
    newer[before] = after;
    older[after] = before;
  };

  const nextFree = (): number | null => {
    if (size === capacity) return null;
    for (let i = 0; i < MAX_SEARCH; i++) {
      const slot = cursor;
      cursor = (cursor + 1) & last;
      if (states[slot] === FREE) return slot;
    }
    return null;
  };

  return {
    open(sequence, intended, deadlineMs) {
      const slot = nextFree();
      if (slot === null) return null;
      sequences[slot] = sequence;
      intendedMs[slot] = intended;
      deadlinesMs[slot] = deadlineMs;
      states[slot] = SENDING;
      size++;
      const newest = older[ends] as number;
      older[slot] = newest;
      newer[newest] = slot;
      newer[slot] = ends;
      older[ends] = slot;
      return slot;
    },
    unopen(count) {
      for (let i = 0; i < count; i++) {
        cursor = older[ends] as number;
        release(cursor);
      }
    },
    confirm(slot) {
      if (states[slot] === SENDING) states[slot] = WAITING;
    },
    release,
    isWaiting: (slot) => states[slot] === WAITING,
    sequenceOf: (slot) => sequences[slot] as number,
    intendedMsOf: (slot) => intendedMs[slot] as number,
    expire(nowMs) {
      let expired = 0;
      for (;;) {
        const oldest = newer[ends] as number;
        if (states[oldest] !== WAITING || (deadlinesMs[oldest] as number) > nowMs) return expired;
        release(oldest);
        expired++;
      }
    },
    size: () => size,
    bytes: [sequences, intendedMs, deadlinesMs, states, older, newer].reduce(
      (sum, array) => sum + array.byteLength,
      0,
    ),
  };
}
