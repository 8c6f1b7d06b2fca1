import { type Frontier, sumOf } from './frontiers.js';
import type { Overlay } from './overlay.js';

/** Bytes of a structure that grows, in each snapshot: what piles up in it with all below, and its storage. */
export interface Holdings {
  readonly heldBytes: readonly number[];
  /** Of those, outside the V8 heap. */
  readonly offHeapBytes: readonly number[];
}

/** Adds up the holdings of an owner, each place once; `tables` are those of all owners. */
export function holdingsOf(
  overlay: Overlay,
  owner: number,
  frontiers: readonly Frontier[],
  tables: ReadonlyMap<number, readonly number[]>,
): Holdings {
  const content = frontiers.flatMap(({ children }) => children);
  const storage = new Set([
    ...frontiers.filter(({ children }) => children.length === 0).map(({ place }) => place),
    ...(tables.get(owner) ?? []),
  ]);
  const own = [...storage].map((place) => ({
    bytes: overlay.shallowBytes(place),
    outside: overlay.type(place) === 'native',
  }));
  const none = overlay.counts(owner).map(() => 0);
  return {
    heldBytes: sumOf([none, ...content.map(overlay.heldBytes), ...own.map(({ bytes }) => bytes)]),
    offHeapBytes: sumOf([
      none,
      ...content.map(overlay.heldOffHeapBytes),
      ...own.filter(({ outside }) => outside).map(({ bytes }) => bytes),
    ]),
  };
}

/**
 * The tables of every object: a hash table doubles at one step and stays as it is at the next, so that by itself it
 * does not grow at every step, and yet it grows with the object.
 */
export function findTables(overlay: Overlay): ReadonlyMap<number, readonly number[]> {
  const tables = new Map<number, number[]>();
  for (let place = 1; place < overlay.size; place++) {
    if (overlay.type(place) !== 'array') continue;
    const owner = overlay.parent(place);
    tables.set(owner, [...(tables.get(owner) ?? []), place]);
  }
  return tables;
}
