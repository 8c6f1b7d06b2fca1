import { NODE_TYPES, type NodeType, nodeType } from '../snapshot/heap-snapshot.js';
import type { NameBook } from './labels.js';
import type { PathTrie } from './path-trie.js';
import type { Tally } from './tally.js';

/** Several snapshots laid over one trie of paths; every series has one number per snapshot. */
export interface Overlay {
  /** Number of places. */
  readonly size: number;
  parent(place: number): number;
  edgeName(place: number): string;
  className(place: number): string;
  classNumber(place: number): number;
  folded(place: number): boolean;
  type(place: number): NodeType;
  counts(place: number): readonly number[];
  shallowBytes(place: number): readonly number[];
  /** With everything below. */
  heldBytes(place: number): readonly number[];
  /** Of those, bytes outside the V8 heap. */
  heldOffHeapBytes(place: number): readonly number[];
  retainedBytes(place: number): readonly number[];
  /** Objects of the last snapshot by the interval in which they were made. */
  survivors(place: number): readonly number[];
}

const NATIVE = nodeType('native');

export function createOverlay(trie: PathTrie, book: NameBook, tallies: readonly Tally[]): Overlay {
  const size = trie.size;
  const last = tallies.at(-1) as Tally;
  const types = new Uint8Array(size);
  // Later snapshots know places that earlier ones had not seen yet.
  for (const { nodeTypes, counts } of tallies) {
    for (let place = 0; place < counts.length; place++) {
      if ((counts[place] as number) > 0) types[place] = nodeTypes[place] as number;
    }
  }
  const held = tallies.map((tally) => withAllBelow(trie, tally.shallowBytes));
  const heldOffHeap = tallies.map(({ shallowBytes }) =>
    withAllBelow(
      trie,
      shallowBytes.map((bytes, place) => (types[place] === NATIVE ? bytes : 0)),
    ),
  );
  const at = (lists: readonly { readonly [place: number]: number }[], place: number): number[] =>
    lists.map((list) => list[place] ?? 0);
  const counts = tallies.map((tally) => tally.counts);
  const shallow = tallies.map((tally) => tally.shallowBytes);
  const retained = tallies.map((tally) => tally.retainedBytes);
  return {
    size,
    parent: trie.parent,
    edgeName: (place) => book.name(trie.edgeName(place)),
    className: (place) => book.name(trie.className(place)),
    classNumber: trie.className,
    folded: trie.folded,
    type: (place) => NODE_TYPES[types[place] as number] as NodeType,
    counts: (place) => at(counts, place),
    shallowBytes: (place) => at(shallow, place),
    heldBytes: (place) => at(held, place),
    heldOffHeapBytes: (place) => at(heldOffHeap, place),
    retainedBytes: (place) => at(retained, place),
    survivors: (place) => at(last.survivors, place),
  };
}

/** Adds what each place has to all places above it; children have higher numbers than their parents. */
function withAllBelow(trie: PathTrie, own: Float64Array): Float64Array {
  const sums = new Float64Array(trie.size);
  sums.set(own);
  for (let place = sums.length - 1; place > 0; place--) {
    const parent = trie.parent(place);
    sums[parent] = (sums[parent] as number) + (sums[place] as number);
  }
  return sums;
}
