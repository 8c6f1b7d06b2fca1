import type { HeapSnapshot } from '../snapshot/heap-snapshot.js';
import type { Dominators } from './dominators.js';

/** Bytes that each node keeps alive by itself: its own and those of all it dominates; 0 for nodes not reached. */
export function retainedBytes(snapshot: HeapSnapshot, { order, dominator }: Dominators): Float64Array {
  const bytes = new Float64Array(snapshot.nodeCount);
  for (const node of order) bytes[node] = snapshot.shallowBytes[node] as number;
  for (let at = order.length - 1; at > 0; at--) {
    const above = order[dominator[at] as number] as number;
    bytes[above] = (bytes[above] as number) + (bytes[order[at] as number] as number);
  }
  return bytes;
}
