import type { HeapSnapshot } from '../snapshot/heap-snapshot.js';
import { type DepthFirst, depthFirst } from './depth-first.js';
import type { Holding } from './holding-edges.js';
import { findRetainers } from './retainers.js';

/** The nearest node that every path from the root to a node goes through, for all nodes that the root reaches. */
export interface Dominators {
  /** The nodes reached, each after its dominator. */
  readonly order: Uint32Array;
  /** Positions in `order`: the dominator of `order[i]` is `order[dominator[i]]`; the root's is itself. */
  readonly dominator: Uint32Array;
}

/**
 * Dominators by the Semi-NCA method: semidominators as Lengauer and Tarjan (1979) find them, with path compression,
 * then the nearest common ancestor in the tree built so far (Georgiadis 2005, §2.3). All nodes are numbered in
 * depth-first preorder, so that everything is an array of 32-bit numbers.
 */
export function findDominators(snapshot: HeapSnapshot, holding: Holding): Dominators {
  const { order, number, parent } = depthFirst(snapshot, holding);
  const semi = findSemidominators(snapshot, holding, { order, number, parent });
  // Parents stand before their children, so each walk up ends in the finished part of the tree.
  const dominator = parent;
  for (let node = 1; node < order.length; node++) {
    let candidate = dominator[node] as number;
    const bound = semi[node] as number;
    while (candidate > bound) candidate = dominator[candidate] as number;
    dominator[node] = candidate;
  }
  return { order, dominator };
}

function findSemidominators(snapshot: HeapSnapshot, holding: Holding, tree: DepthFirst): Uint32Array {
  const { order, number, parent } = tree;
  const count = order.length;
  const retainers = findRetainers(snapshot, holding);
  const { first, nodes } = retainers;
  const ancestor = parent.slice();
  const semi = new Uint32Array(count);
  const label = new Uint32Array(count);
  for (let node = 0; node < count; node++) {
    semi[node] = node;
    label[node] = node;
  }
  let stack = new Uint32Array(1024);

  /** The node of least semidominator on the linked path above `from`, which it shortens. */
  function evaluate(from: number, lastLinked: number): number {
    let depth = 0;
    let node = from;
    while ((ancestor[node] as number) >= lastLinked) {
      if (depth === stack.length) stack = doubled(stack);
      stack[depth++] = node;
      node = ancestor[node] as number;
    }
    const top = ancestor[node] as number;
    let best = label[node] as number;
    while (depth > 0) {
      node = stack[--depth] as number;
      ancestor[node] = top;
      const own = label[node] as number;
      if ((semi[best] as number) < (semi[own] as number)) label[node] = best;
      else best = own;
    }
    return label[from] as number;
  }

  for (let node = count - 1; node >= 1; node--) {
    let least = parent[node] as number;
    const snapshotNode = order[node] as number;
    for (let at = first[snapshotNode] as number, end = first[snapshotNode + 1] as number; at < end; at++) {
      const from = number[nodes[at] as number] as number;
      // A retainer that the root does not reach holds nothing.
      if (from === 0 && nodes[at] !== 0) continue;
      const reach = semi[from > node ? evaluate(from, node + 1) : from] as number;
      if (reach < least) least = reach;
    }
    semi[node] = least;
  }
  return semi;
}

function doubled(stack: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(stack.length * 2);
  larger.set(stack);
  return larger;
}
