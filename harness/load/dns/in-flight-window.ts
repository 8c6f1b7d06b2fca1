/**
 * Questions sent and not yet answered, in send order. One ring is the table, the free list and the queue of
 * timeouts at once: slots are handed out in turn, every question has the same timeout, so the oldest slot is
 * always the next to expire. A slot is used again only after a full turn, which keeps late answers to an
 * expired question from meeting a new one. All memory is allocated here; nothing grows with the load.
 */
export interface InFlightWindow {
  /** Takes the next slot for a question about to be sent; null when the window is full. */
  open(sequence: number, intendedMs: number, deadlineMs: number): number | null;
  /** The question of a slot from `open` has been handed to the kernel: from now on it waits for its answer. */
  confirm(slot: number): void;
  /** Ends a slot: answered, or never sent. */
  release(slot: number): void;
  /** What the slot waits for; null when it waits for nothing (free, expired, or not yet sent). */
  waiting(slot: number): { readonly sequence: number; readonly intendedMs: number } | null;
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

/** @param capacity number of slots, a power of two */
export function createInFlightWindow(capacity: number): InFlightWindow {
  // Filled so that every page is resident now: this process's own memory must not seem to grow under load.
  const sequences = new Float64Array(capacity).fill(0);
  const intendedMs = new Float64Array(capacity).fill(0);
  const deadlinesMs = new Float64Array(capacity).fill(0);
  const states = new Uint8Array(capacity).fill(FREE);
  /** Slots ever opened, and ever left behind; the window is what lies between. */
  let head = 0;
  let tail = 0;
  let size = 0;

  const skipFree = (): void => {
    while (tail < head && states[tail % capacity] === FREE) tail++;
  };

  return {
    open(sequence, intended, deadlineMs) {
      if (head - tail === capacity) skipFree();
      if (head - tail === capacity) return null;
      const slot = head++ % capacity;
      sequences[slot] = sequence;
      intendedMs[slot] = intended;
      deadlinesMs[slot] = deadlineMs;
      states[slot] = SENDING;
      size++;
      return slot;
    },
    confirm(slot) {
      if (states[slot] === SENDING) states[slot] = WAITING;
    },
    release(slot) {
      if (states[slot] === FREE) return;
      states[slot] = FREE;
      size--;
    },
    waiting(slot) {
      if (states[slot] !== WAITING) return null;
      return { sequence: sequences[slot] as number, intendedMs: intendedMs[slot] as number };
    },
    expire(nowMs) {
      let expired = 0;
      for (skipFree(); tail < head; skipFree()) {
        const slot = tail % capacity;
        if (states[slot] !== WAITING || (deadlinesMs[slot] as number) > nowMs) break;
        states[slot] = FREE;
        size--;
        expired++;
      }
      return expired;
    },
    size: () => size,
    bytes: sequences.byteLength + intendedMs.byteLength + deadlinesMs.byteLength + states.byteLength,
  };
}
