import { edgeType, type HeapSnapshot, NODE_TYPES, nodeType } from '../snapshot/heap-snapshot.js';
import type { Holding } from './holding-edges.js';

/** The tree of retaining paths: every node that the root reaches, with the edge by which it is reached. */
export interface PathTree {
  /** The nodes reached, each after its parent; the root is the first. */
  readonly order: Uint32Array;
  /** The node before it on its path; the root's is the root, and so is that of a node that is not reached. */
  readonly parent: Uint32Array;
  /** The edge from its parent; meaningless for the root and for nodes that are not reached. */
  readonly parentEdge: Uint32Array;
}

const SHORTCUT = edgeType('shortcut');
const PROPERTY = edgeType('property');
const ELEMENT = edgeType('element');
const CLOSURE = nodeType('closure');
const ARRAY = nodeType('array');
const SYNTHETIC = nodeType('synthetic');
/** By type, whether V8's own links lead to it although it is no part of an object's content. */
const NO_CONTENT = Uint8Array.from(NODE_TYPES, (type) =>
  Number(['closure', 'code', 'object shape'].includes(type)),
);
const GC_ROOTS = '(GC roots)';
/** Sets of V8's roots that hold what Node's native part holds on to: sockets, servers, timers. */
const FIRST_SETS = /^\((Global|Traced) handles\)$/;
/** Those whose members come and go with the call that is running, or are there for V8 itself. */
const LAST_SETS = /^\((Stack roots|Handle scope|Relocatable|Builtins|.* cache|.* strings)\)$/;

/** Which edges a part of the walk follows. */
type Wanted = (edge: number, from: number) => boolean;

/**
 * Shortest retaining paths, each from where it says most: breadth first from the variables of the global objects
 * through properties and entries only; then from what Node's native part holds, then from V8's other roots, the stack
 * last. A path through names that the program gave says more than a shorter one through V8's tables; and
 * `setTimeout`, a variable too, leads through its closure to most of Node.
 */
export function shortestPaths(snapshot: HeapSnapshot, holding: Holding): PathTree {
  const { nodeCount, nodeTypes, firstEdge, edgeTypes, edgeTargets } = snapshot;
  const order = new Uint32Array(nodeCount);
  const parent = new Uint32Array(nodeCount);
  const parentEdge = new Uint32Array(nodeCount);
  const reached = new Uint8Array(nodeCount);
  const sets = rootSets(snapshot);
  let count = 0;
  let next = 0;

  function visit(from: number, edge: number): void {
    const target = edgeTargets[edge] as number;
    if (reached[target] === 1 || holding[edge] === 0) return;
    reached[target] = 1;
    parent[target] = from;
    parentEdge[target] = edge;
    order[count++] = target;
  }

  function visitAll(from: number, wanted: Wanted): void {
    for (let edge = firstEdge[from] as number, end = firstEdge[from + 1] as number; edge < end; edge++) {
      if (wanted(edge, from)) visit(from, edge);
    }
  }

  /** Goes on from everything that was reached; sets of roots wait for their turn. */
  function spread(wanted: Wanted): void {
    for (; next < count; next++) {
      const node = order[next] as number;
      if (nodeTypes[node] !== SYNTHETIC || !sets.has(node)) visitAll(node, wanted);
    }
  }

  const isShortcut: Wanted = (edge) => edgeTypes[edge] === SHORTCUT;
  const isVariable: Wanted = (edge) =>
    edgeTypes[edge] === PROPERTY && nodeTypes[edgeTargets[edge] as number] !== CLOSURE;
  const isData: Wanted = (edge, from) =>
    edgeTypes[edge] === PROPERTY ||
    edgeTypes[edge] === ELEMENT ||
    nodeTypes[from] === ARRAY ||
    (nodeTypes[from] !== CLOSURE && NO_CONTENT[nodeTypes[edgeTargets[edge] as number] as number] === 0);
  const isAny: Wanted = () => true;

  reached[0] = 1;
  order[count++] = 0;
  visitAll(0, isShortcut);
  next = count;
  for (const node of order.slice(1, count)) visitAll(node, isVariable);
  spread(isData);
  const named = count;

  for (const [node, rank] of sets) if (rank === null) visitAll(node, isAny);
  for (const rank of [0, 1, 2]) {
    for (const [node, rankOfSet] of sets) if (rankOfSet === rank) visitAll(node, isAny);
    spread(isAny);
    if (rank > 0) continue;
    for (let at = 1; at < named; at++) visitAll(order[at] as number, isAny);
    spread(isAny);
  }
  return { order: order.subarray(0, count), parent, parentEdge };
}

/** V8's sets of roots by rank, and with rank null the nodes above them, the root first. */
function rootSets(snapshot: HeapSnapshot): ReadonlyMap<number, number | null> {
  const { firstEdge, edgeTargets, nodeNames, nodeTypes, strings } = snapshot;
  const nameOf = (node: number): string => strings.at(nodeNames[node] as number);
  const targets = (node: number): Uint32Array => edgeTargets.subarray(firstEdge[node], firstEdge[node + 1]);
  const sets = new Map<number, number | null>([[0, null]]);
  for (const above of targets(0)) {
    if (nodeTypes[above] !== SYNTHETIC || nameOf(above) !== GC_ROOTS) continue;
    sets.set(above, null);
    for (const set of targets(above)) {
      const name = nameOf(set);
      sets.set(set, FIRST_SETS.test(name) ? 0 : LAST_SETS.test(name) ? 2 : 1);
    }
  }
  return sets;
}
