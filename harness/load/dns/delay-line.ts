/** Hands things on after a fixed delay, in order. */
export interface DelayLine<T> {
  push(item: T): void;
  /** Forgets what is still under way and releases the timer. */
  close(): void;
}

/** Slots at the front that are let go together, so that taking one is cheap. */
const COMPACT_AT = 1024;

/**
 * A first-in first-out line with one timer however many items are under way: with one delay for all, the first
 * in is always the next out. Holds what arrives within `delayMs`, no more. A delay of 0 hands on at once.
 */
export function createDelayLine<T>(
  delayMs: number,
  deliver: (item: T) => void,
  nowMs: () => number,
): DelayLine<T> {
  let waiting: { readonly dueMs: number; readonly item: T }[] = [];
  let first = 0;
  let timer: NodeJS.Timeout | null = null;

  const arm = (): void => {
    const next = waiting[first];
    timer = next === undefined ? null : setTimeout(deliverDue, Math.max(0, next.dueMs - nowMs()));
  };

  const deliverDue = (): void => {
    const now = nowMs();
    for (let next = waiting[first]; next !== undefined && next.dueMs <= now; next = waiting[first]) {
      first++;
      deliver(next.item);
    }
    if (first >= COMPACT_AT || first === waiting.length) {
      waiting = waiting.slice(first);
      first = 0;
    }
    arm();
  };

  return {
    push(item) {
      if (delayMs <= 0) {
        deliver(item);
        return;
      }
      waiting.push({ dueMs: nowMs() + delayMs, item });
      if (timer === null) arm();
    },
    close() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      waiting = [];
      first = 0;
    },
  };
}
