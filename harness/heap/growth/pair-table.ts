/** Numbers pairs of small whole numbers 0, 1, 2 … in the order in which they are first seen. */
export interface PairTable {
  readonly size: number;
  /** The value of a pair; what `make` returns is kept for a new one. */
  get(a: number, b: number, make: () => number): number;
}

/** A free slot; `a` is never that high. */
const FREE = 0xffff_ffff;

/** An open-addressed hash table in typed arrays: a `Map` would need one boxed key for every pair. */
export function createPairTable(): PairTable {
  let mask = (1 << 12) - 1;
  let slots = emptySlots(mask + 1);
  let size = 0;

  /** Where a pair is, or the free slot where it belongs. */
  function find(a: number, b: number): number {
    let at = (Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b)) >>> 0;
    at ^= at >>> 15;
    for (;;) {
      at &= mask;
      const found = slots[3 * at];
      if (found === FREE || (found === a && slots[3 * at + 1] === b)) return 3 * at;
      at++;
    }
  }

  function grow(): void {
    const old = slots;
    mask = 2 * mask + 1;
    slots = emptySlots(mask + 1);
    for (let from = 0; from < old.length; from += 3) {
      if (old[from] === FREE) continue;
      slots.set(old.subarray(from, from + 3), find(old[from] as number, old[from + 1] as number));
    }
  }

  return {
    get size() {
      return size;
    },
    get(a, b, make) {
      const at = find(a, b);
      if (slots[at] !== FREE) return slots[at + 2] as number;
      const value = make();
      slots[at] = a;
      slots[at + 1] = b;
      slots[at + 2] = value;
      size++;
      if (2 * size > mask) grow();
      return value;
    },
  };
}

function emptySlots(count: number): Uint32Array<ArrayBuffer> {
  return new Uint32Array(3 * count).fill(FREE);
}
