/** Keeps a whole number for each pair of whole numbers. */
export interface PairTable {
  readonly size: number;
  /** The value of a pair; -1 when it has none. */
  get(a: number, b: number): number;
  /** Keeps the value of a pair that has none yet, and returns it. */
  add(a: number, b: number, value: number): number;
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
    get(a, b) {
      const at = find(a, b);
      return slots[at] === FREE ? -1 : (slots[at + 2] as number);
    },
    add(a, b, value) {
      const at = find(a, b);
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
