import type { HeapSnapshot } from '../snapshot/heap-snapshot.js';
import type { Holding } from './holding-edges.js';

/** Who holds each node: the retainers of node `n` are `nodes` from `first[n]` up to `first[n + 1]`. */
export interface Retainers {
  readonly first: Uint32Array;
  readonly nodes: Uint32Array;
}

/** Turns the edges round (a counting sort by target). */
export function findRetainers(snapshot: HeapSnapshot, holding: Holding): Retainers {
  const { nodeCount, firstEdge, edgeTargets } = snapshot;
  const first = new Uint32Array(nodeCount + 1);
  let held = 0;
  for (let edge = 0; edge < edgeTargets.length; edge++) {
    if (holding[edge] === 0) continue;
    const target = edgeTargets[edge] as number;
    first[target] = (first[target] as number) + 1;
    held++;
  }
  const nodes = new Uint32Array(held);
  // Counts become ends; filling from the back turns the ends into starts.
  for (let node = 0, end = 0; node <= nodeCount; node++) {
    end += first[node] as number;
    first[node] = end;
  }
  for (let from = nodeCount - 1; from >= 0; from--) {
    for (let edge = firstEdge[from] as number, end = firstEdge[from + 1] as number; edge < end; edge++) {
      if (holding[edge] === 0) continue;
      const target = edgeTargets[edge] as number;
      const at = (first[target] as number) - 1;
      nodes[at] = from;
      first[target] = at;
    }
  }
  return { first, nodes };
}
