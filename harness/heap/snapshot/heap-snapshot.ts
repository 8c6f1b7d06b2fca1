import type { StringTable } from './string-table.js';

/** What a node is, in the order of V8's own list (`HeapEntry::Type` in src/profiler/heap-snapshot-generator.h). */
export const NODE_TYPES = [
  'hidden',
  'array',
  'string',
  'object',
  'code',
  'closure',
  'regexp',
  'number',
  'native',
  'synthetic',
  'concatenated string',
  'sliced string',
  'symbol',
  'bigint',
  'object shape',
  'wasm object',
] as const;

export type NodeType = (typeof NODE_TYPES)[number];

/** How one node holds another (`HeapGraphEdge::Type`). */
export const EDGE_TYPES = [
  'context',
  'element',
  'property',
  'internal',
  'hidden',
  'shortcut',
  'weak',
] as const;

export type EdgeType = (typeof EDGE_TYPES)[number];

/** The number that a type has in every `HeapSnapshot`, whatever its file called it. */
export const nodeType = (type: NodeType): number => NODE_TYPES.indexOf(type);
export const edgeType = (type: EdgeType): number => EDGE_TYPES.indexOf(type);

/**
 * A V8 heap snapshot as columns, about 17 bytes a node and 9 an edge. Node 0 is the root. The edges of node `n` are
 * those from `firstEdge[n]` up to `firstEdge[n + 1]`.
 */
export interface HeapSnapshot {
  readonly nodeCount: number;
  readonly edgeCount: number;
  /** Index into `NODE_TYPES`. */
  readonly nodeTypes: Uint8Array;
  /** Index into `strings`. */
  readonly nodeNames: Uint32Array;
  /** V8 keeps an object's id from one snapshot of a process to the next, and gives new objects higher ones. */
  readonly nodeIds: Uint32Array;
  /** Bytes held by the node itself; a node above 4 GiB counts as 4 GiB. */
  readonly shallowBytes: Uint32Array;
  readonly firstEdge: Uint32Array;
  /** Index into `EDGE_TYPES`. */
  readonly edgeTypes: Uint8Array;
  /** An index into `strings`, or the position for edges of type element and hidden. */
  readonly edgeNames: Uint32Array;
  readonly edgeTargets: Uint32Array;
  readonly strings: StringTable;
}
