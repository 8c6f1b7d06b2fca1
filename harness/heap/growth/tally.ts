import { findDominators } from '../graph/dominators.js';
import { holdingEdges } from '../graph/holding-edges.js';
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

/** Lays a snapshot over the trie. `earlier` are the highest ids of the snapshots before it, in their order. */
export function tallySnapshot(
  snapshot: HeapSnapshot,
  trie: PathTrie,
  book: NameBook,
  earlier: readonly number[],
): Tally {
  const holds = holdingEdges(snapshot);
  const placeOf = new Uint32Array(snapshot.nodeCount);
  const order = placeNodes(snapshot, placeOf, trie, book, holds);
  const retained = retainedBytes(snapshot, findDominators(snapshot, holds));
  const size = trie.size;
  const tally = {
    counts: new Uint32Array(size),
    shallowBytes: new Float64Array(size),
    retainedBytes: new Float64Array(size),
    nodeTypes: new Uint8Array(size),
    survivors: earlier.map(() => new Uint32Array(size)),
    totalBytes: 0,
    totalNodes: order.length,
    highestId: 0,
  };
  for (const node of order) {
    const place = placeOf[node] as number;
    const bytes = snapshot.shallowBytes[node] as number;
    const id = snapshot.nodeIds[node] as number;
    add(tally.counts, place, 1);
    add(tally.shallowBytes, place, bytes);
    add(tally.retainedBytes, place, retained[node] as number);
    tally.nodeTypes[place] = snapshot.nodeTypes[node] as number;
    tally.totalBytes += bytes;
    if (!isHeapId(id)) continue;
    if (id > tally.highestId) tally.highestId = id;
    for (let since = earlier.length - 1; since >= 0; since--) {
      if (id <= (earlier[since] as number)) continue;
      add(tally.survivors[since] as Uint32Array, place, 1);
      break;
    }
  }
  return tally;
}

/** Gives every node its place; returns the nodes that the root reaches. */
function placeNodes(
  snapshot: HeapSnapshot,
  placeOf: Uint32Array,
  trie: PathTrie,
  book: NameBook,
  holds: ReturnType<typeof holdingEdges>,
): Uint32Array {
  const { order, parent, parentEdge } = shortestPaths(snapshot, holds);
  const labels = createLabels(snapshot, book);
  for (let at = 1; at < order.length; at++) {
    const node = order[at] as number;
    const from = parent[node] as number;
    const edgeName = labels.edgeOf(from, parentEdge[node] as number);
    placeOf[node] = trie.child(placeOf[from] as number, edgeName, labels.classOf(node));
  }
  return order;
}

/** V8 gives odd ids to what is on its heap; those of native objects come from their addresses. */
function isHeapId(id: number): boolean {
  return id % 2 === 1;
}

function add(list: Uint32Array | Float64Array, place: number, amount: number): void {
  list[place] = (list[place] as number) + amount;
}
