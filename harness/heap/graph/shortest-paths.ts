import { edgeType, type HeapSnapshot } from '../snapshot/heap-snapshot.js';
import type { Holds } from './holding-edges.js';

/** The tree of shortest retaining paths: every node that the root reaches, with the edge by which it is reached. */
export interface PathTree {
  /** The nodes reached, each after its parent; the root is the first. */
  readonly order: Uint32Array;
  /** The node before it on its path; the root's is the root, and so is that of a node that is not reached. */
  readonly parent: Uint32Array;
  /** The edge from its parent; meaningless for the root and for nodes that are not reached. */
  readonly parentEdge: Uint32Array;
}

const SHORTCUT = edgeType('shortcut');

/**
 * Breadth first from the global objects, then from V8's roots for what those do not reach, as DevTools does: a path
 * through names that the program gave says more than a shorter one through V8's tables.
 */
export function shortestPaths(snapshot: HeapSnapshot, holds: Holds): PathTree {
  const { nodeCount, firstEdge, edgeTypes, edgeTargets } = snapshot;
  const order = new Uint32Array(nodeCount);
  const parent = new Uint32Array(nodeCount);
  const parentEdge = new Uint32Array(nodeCount);
  const reached = new Uint8Array(nodeCount);
  let count = 0;
  let next = 1;

  function visit(from: number, edge: number): void {
    const target = edgeTargets[edge] as number;
    if (reached[target] === 1 || !holds(from, edge)) return;
    reached[target] = 1;
    parent[target] = from;
    parentEdge[target] = edge;
    order[count++] = target;
  }

  function spread(): void {
    for (; next < count; next++) {
      const from = order[next] as number;
      for (let edge = firstEdge[from] as number, end = firstEdge[from + 1] as number; edge < end; edge++) {
        visit(from, edge);
      }
    }
  }

  reached[0] = 1;
  order[count++] = 0;
  const rootsEnd = firstEdge[1] as number;
  for (let edge = 0; edge < rootsEnd; edge++) if (edgeTypes[edge] === SHORTCUT) visit(0, edge);
  spread();
  for (let edge = 0; edge < rootsEnd; edge++) visit(0, edge);
  spread();
  return { order: order.subarray(0, count), parent, parentEdge };
}
