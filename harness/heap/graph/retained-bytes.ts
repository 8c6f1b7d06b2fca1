import type { HeapSnapshot } from '../snapshot/heap-snapshot.js';
import type { Dominators } from './dominators.js';

/**
 * Bytes that each node keeps alive by itself: its own and those of all it dominates. In the order of
 * `Dominators.order`, in which neighbours in the graph are neighbours in memory.
 */
export function retainedBytes(snapshot: HeapSnapshot, { order, dominator }: Dominators): Float64Array {
  const bytes = new Float64Array(order.length);
  for (let at = order.length - 1; at >= 0; at--) {
    const own = (bytes[at] as number) + (snapshot.shallowBytes[order[at] as number] as number);
    bytes[at] = own;
    const above = dominator[at] as number;
    if (above !== at) bytes[above] = (bytes[above] as number) + own;
  }
  return bytes;
}
