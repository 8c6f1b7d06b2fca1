import type { HeapSnapshot } from '../snapshot/heap-snapshot.js';
import type { Holding } from './holding-edges.js';

/** A depth-first walk over all nodes that the root reaches. */
export interface DepthFirst {
  /** The nodes in the order of the walk; the root is the first. */
  readonly order: Uint32Array;
  /** Position of each node in `order`; 0 for the root and for nodes that are not reached. */
  readonly number: Uint32Array;
  /** Position of the node from which the one at each position was reached. */
  readonly parent: Uint32Array;
}

/** Walks without recursion: a linked list of a million objects is a million levels deep. */
export function depthFirst(snapshot: HeapSnapshot, holding: Holding): DepthFirst {
  const { nodeCount, firstEdge, edgeTargets } = snapshot;
  const order = new Uint32Array(nodeCount);
  const number = new Uint32Array(nodeCount);
  const parent = new Uint32Array(nodeCount);
  /** The edge of each position that is to be followed next. */
  const nextEdge = new Uint32Array(nodeCount);
  let count = 1;
  let at = 0;
  nextEdge[0] = firstEdge[0] as number;
  for (;;) {
    const node = order[at] as number;
    const edge = nextEdge[at] as number;
    if (edge === firstEdge[node + 1]) {
      if (at === 0) break;
      at = parent[at] as number;
      continue;
    }
    nextEdge[at] = edge + 1;
    const target = edgeTargets[edge] as number;
    if (target === 0 || number[target] !== 0 || holding[edge] === 0) continue;
    order[count] = target;
    number[target] = count;
    parent[count] = at;
    nextEdge[count] = firstEdge[target] as number;
    at = count++;
  }
  return { order: order.subarray(0, count), number, parent: parent.subarray(0, count) };
}
