/** Picks a whole number from 0 to below `count`, from a generator of 32-bit numbers. */
export function pick(count: number, random: () => number): number {
  return Math.floor((random() / 2 ** 32) * count);
}

/**
 * The numbers 1 to `count` over and over, in an order that is out by up to `depth` and more: of the next `depth` ones
 * any may come next.
 */
export function shuffledIndexes(count: number, depth: number, random: () => number): () => number {
  let next = 0;
  const following = (): number => (next++ % count) + 1;
  const held = Array.from({ length: Math.min(depth, count) }, following);
  return () => {
    const place = pick(held.length, random);
    const index = held[place] as number;
    held[place] = following();
    return index;
  };
}
