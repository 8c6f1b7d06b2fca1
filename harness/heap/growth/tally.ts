import { findDominators } from '../graph/dominators.js';
import { type Holding, holdingEdges } from '../graph/holding-edges.js';
import { retainedBytes } from '../graph/retained-bytes.js';
import { shortestPaths } from '../graph/shortest-paths.js';
import type { HeapSnapshot } from '../snapshot/heap-snapshot.js';
import { createLabels, type NameBook } from './labels.js';
import type { PathTrie } from './path-trie.js';

/** What one snapshot holds at each place of the trie; arrays by place. */
export interface Tally {
  readonly counts: Uint32Array;
  /** Bytes of the nodes themselves. */
  readonly shallowBytes: Float64Array;
  /** Bytes that would go if all nodes of the place went, each counted with what it alone holds. */
  readonly retainedBytes: Float64Array;
  /** Index into `NODE_TYPES` of one of its nodes. */
  readonly nodeTypes: Uint8Array;
  /** Of the nodes, those made since each earlier snapshot and before the next one; in that order. */
  readonly survivors: readonly Uint32Array[];
  readonly totalBytes: number;
  readonly totalNodes: number;
  /** The highest id of an object on V8's heap. */
  readonly highestId: number;
}

/** The place of a node that the root does not reach: garbage. */
const NOWHERE = 0xffff_ffff;

/** Lays a snapshot over the trie. `earlier` are the highest ids of the snapshots before it, in their order. */
export function tallySnapshot(
  snapshot: HeapSnapshot,
  trie: PathTrie,
  book: NameBook,
  earlier: readonly number[],
): Tally {
  const holding = holdingEdges(snapshot);
  const placeOf = new Uint32Array(snapshot.nodeCount).fill(NOWHERE);
  placeNodes(snapshot, placeOf, trie, book, holding);
  const dominators = findDominators(snapshot, holding);
  const retained = retainedBytes(snapshot, dominators);
  const size = trie.size;
  const tally = {
    counts: new Uint32Array(size),
    shallowBytes: new Float64Array(size),
    retainedBytes: new Float64Array(size),
    nodeTypes: new Uint8Array(size),
    survivors: earlier.map(() => new Uint32Array(size)),
    totalBytes: retained[0] as number,
    totalNodes: dominators.order.length,
    highestId: 0,
  };
  dominators.order.forEach((node, at) => {
    add(tally.retainedBytes, placeOf[node] as number, retained[at] as number);
  });
  for (let node = 0; node < snapshot.nodeCount; node++) {
    const place = placeOf[node] as number;
    if (place === NOWHERE) continue;
    add(tally.counts, place, 1);
    add(tally.shallowBytes, place, snapshot.shallowBytes[node] as number);
    tally.nodeTypes[place] = snapshot.nodeTypes[node] as number;
    const id = snapshot.nodeIds[node] as number;
    if (!isHeapId(id)) continue;
    if (id > tally.highestId) tally.highestId = id;
    const since = intervalOf(id, earlier);
    if (since >= 0) add(tally.survivors[since] as Uint32Array, place, 1);
  }
  return tally;
}

/** Gives every node that the root reaches its place. */
function placeNodes(
  snapshot: HeapSnapshot,
  placeOf: Uint32Array,
  trie: PathTrie,
  book: NameBook,
  holding: Holding,
): void {
  const { order, parent, parentEdge } = shortestPaths(snapshot, holding);
  const labels = createLabels(snapshot, book);
  placeOf[0] = 0;
  for (let at = 1; at < order.length; at++) {
    const node = order[at] as number;
    const from = parent[node] as number;
    const edgeName = labels.edgeOf(from, parentEdge[node] as number);
    placeOf[node] = trie.child(placeOf[from] as number, edgeName, labels.classOf(node));
  }
}

/** After which of the earlier snapshots a node was made, by its id; -1 for before the first. */
function intervalOf(id: number, earlier: readonly number[]): number {
  for (let since = earlier.length - 1; since >= 0; since--) if (id > (earlier[since] as number)) return since;
  return -1;
}

/** V8 gives odd ids to what is on its heap; those of native objects come from their addresses. */
function isHeapId(id: number): boolean {
  return id % 2 === 1;
}

function add(list: Uint32Array | Float64Array, place: number, amount: number): void {
  list[place] = (list[place] as number) + amount;
}
