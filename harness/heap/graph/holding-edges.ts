import { edgeType, type HeapSnapshot } from '../snapshot/heap-snapshot.js';

const WEAK = edgeType('weak');
const SHORTCUT = edgeType('shortcut');
const INTERNAL = edgeType('internal');

/** Says whether an edge keeps its target alive; `from` is the node it starts at. */
export type Holds = (from: number, edge: number) => boolean;

/** How V8 names the edge to a WeakMap's value: it holds only as long as the key and the table live. */
const PAIR_NAME = /part of key \(.*\) -> value \(.*\) pair in WeakMap \(table @(\d+)\)$/;

/** `1 / part of key (K @1) -> value (V @3) pair in WeakMap (table @5)`, a little less. */
const SHORTEST_PAIR_NAME = 50;

/**
 * Weak edges hold nothing. Shortcuts repeat a longer way, except the root's, which lead to the global objects. Of the
 * two edges to a WeakMap's value only the key's counts: the table alone would not keep it.
 */
export function holdingEdges(snapshot: HeapSnapshot): Holds {
  const { edgeTypes, edgeNames, nodeIds, strings } = snapshot;
  return (from, edge) => {
    const type = edgeTypes[edge];
    if (type === WEAK) return false;
    if (type === SHORTCUT) return from === 0;
    if (type !== INTERNAL) return true;
    // Only a pair's name is a long one, so this decodes next to nothing.
    const name = edgeNames[edge] as number;
    if (strings.byteLength(name) < SHORTEST_PAIR_NAME) return true;
    const pair = PAIR_NAME.exec(strings.at(name));
    return pair === null || Number(pair[1]) !== nodeIds[from];
  };
}
