import { pick } from './shuffle.js';

/** How answers are held back. */
export interface DeliveryOptions {
  /** As many are held at a time; of those any one goes next. */
  readonly depth: number;
  /** Longest that one is held: a target that waits for it asks for nothing more. */
  readonly delayMs: number;
  readonly random: () => number;
}

/** Answers on their way, which come out of order. */
export interface ShuffledDelivery {
  /** Takes an answer; `deliver` is called once, later, unless `close` comes before. */
  hold(deliver: () => void): void;
  close(): void;
}

/** Holds answers back until there are more than `depth`, and then lets any one of them go. */
export function createShuffledDelivery({ depth, delayMs, random }: DeliveryOptions): ShuffledDelivery {
  interface Held {
    readonly deliver: () => void;
    readonly timer: NodeJS.Timeout;
  }
  const held: Held[] = [];

  const release = (place: number): void => {
    const [one] = held.splice(place, 1);
    clearTimeout(one?.timer);
    one?.deliver();
  };

  return {
    hold(deliver) {
      const one: Held = { deliver, timer: setTimeout(() => release(held.indexOf(one)), delayMs) };
      held.push(one);
      if (held.length > depth) release(pick(held.length, random));
    },
    close() {
      for (const { timer } of held.splice(0)) clearTimeout(timer);
    },
  };
}
