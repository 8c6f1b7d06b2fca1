/** Intended times in the order they came, first in, first out; as large as it ever had to be, and reused. */
export interface TimeQueue {
  readonly length: number;
  push(timeMs: number): void;
  /** The oldest; undefined when there is none. */
  first(): number | undefined;
  /** Takes the oldest out; undefined when there is none. */
  shift(): number | undefined;
}

const FIRST_CAPACITY = 64;

/** A ring of numbers, which doubles when it is full: an array with `shift` costs a move of all that wait. */
export function createTimeQueue(): TimeQueue {
  let times = new Float64Array(FIRST_CAPACITY);
  let head = 0;
  let length = 0;
  const at = (place: number): number => (head + place) % times.length;
  return {
    get length() {
      return length;
    },
    push(timeMs) {
      if (length === times.length) {
        times = Float64Array.from({ length: 2 * length }, (_, place) => times[at(place)] ?? 0);
        head = 0;
      }
      times[at(length)] = timeMs;
      length++;
    },
    first: () => (length === 0 ? undefined : times[head]),
    shift() {
      if (length === 0) return undefined;
      const timeMs = times[head];
      head = at(1);
      length--;
      return timeMs;
    },
  };
}
