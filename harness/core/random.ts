/**
 * A seeded generator of 32-bit numbers: the same seed gives the same run everywhere.
 *
 * sfc32 (Doty-Humphrey, PractRand): 128 bits of state, passes BigCrush, not for secrets.
 */
export function seededRandom(seed: number): () => number {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed >>> 0;
  let counter = 1;
  const next = (): number => {
    const result = (a + b + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = ((c << 21) | (c >>> 11)) >>> 0;
    c = (c + result) >>> 0;
    return result;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

/** FNV-1a over UTF-16 code units with a final avalanche (murmur3's): a stable 32-bit hash of short names. */
export function hash32(text: string, seed = 0): number {
  let h = hash32Begin(seed);
  for (let i = 0; i < text.length; i++) h = hash32Step(h, text.charCodeAt(i));
  return hash32End(h);
}

/** `hash32` one code unit at a time, for text that is no string: begin, a step for each, end. */
export function hash32Begin(seed = 0): number {
  return 0x811c9dc5 ^ seed;
}

export function hash32Step(h: number, code: number): number {
  return Math.imul(h ^ code, 0x01000193);
}

export function hash32End(state: number): number {
  let h = state;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
