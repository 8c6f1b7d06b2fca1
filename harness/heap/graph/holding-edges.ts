import { edgeType, type HeapSnapshot } from '../snapshot/heap-snapshot.js';

const WEAK = edgeType('weak');
const SHORTCUT = edgeType('shortcut');
const INTERNAL = edgeType('internal');

/** By edge: 1 when it keeps its target alive, else 0. */
export type Holding = Uint8Array;

/** How V8 names the edge to a WeakMap's value: it holds only as long as the key and the table live. */
const PAIR_NAME = /part of key \(.*\) -> value \(.*\) pair in WeakMap \(table @(\d+)\)$/;

/** `1 / part of key (K @1) -> value (V @3) pair in WeakMap (table @5)`, a little less. */
const SHORTEST_PAIR_NAME = 50;

/**
 * Weak edges hold nothing. Shortcuts repeat a longer way, except the root's, which lead to the global objects. Of the
 * two edges to a WeakMap's value only the key's counts: the table alone would not keep it.
 */
export function holdingEdges(snapshot: HeapSnapshot): Holding {
  const { nodeCount, edgeCount, firstEdge, edgeTypes, edgeNames, nodeIds, strings } = snapshot;
  const holding = new Uint8Array(edgeCount);
  for (let from = 0; from < nodeCount; from++) {
    for (let edge = firstEdge[from] as number, end = firstEdge[from + 1] as number; edge < end; edge++) {
      const type = edgeTypes[edge];
      if (type === WEAK || (type === SHORTCUT && from !== 0)) continue;
      // Only a pair's name is a long one, so next to nothing is decoded.
      const name = edgeNames[edge] as number;
      const isPair = type === INTERNAL && strings.byteLength(name) >= SHORTEST_PAIR_NAME;
      if (!isPair || tableOf(strings.at(name)) !== nodeIds[from]) holding[edge] = 1;
    }
  }
  return holding;
}

/** The id of the table that an edge to a WeakMap's value belongs to; null for any other name. */
function tableOf(name: string): number | null {
  const pair = PAIR_NAME.exec(name);
  return pair === null ? null : Number(pair[1]);
}
