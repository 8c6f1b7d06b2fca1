import { EDGE_TYPES, NODE_TYPES } from './heap-snapshot.js';
import { SnapshotFormatError } from './section.js';

/** Where a file keeps what; read from its own `snapshot.meta`, since the fields changed between Node versions. */
export interface Layout {
  readonly nodeCount: number;
  readonly edgeCount: number;
  /** Numbers per node and per edge. */
  readonly nodeWidth: number;
  readonly edgeWidth: number;
  /** Position of each field within a node. */
  readonly node: Readonly<Record<NodeField, number>>;
  /** Position of each field within an edge. */
  readonly edge: Readonly<Record<EdgeField, number>>;
  /** Our number of each type of the file. */
  readonly nodeTypes: Uint8Array;
  readonly edgeTypes: Uint8Array;
}

const NODE_FIELDS = ['type', 'name', 'id', 'self_size', 'edge_count'] as const;
const EDGE_FIELDS = ['type', 'name_or_index', 'to_node'] as const;
type NodeField = (typeof NODE_FIELDS)[number];
type EdgeField = (typeof EDGE_FIELDS)[number];

/** Types that V8 may add one day are looked at as what they most likely are. */
const UNKNOWN_NODE = NODE_TYPES.indexOf('hidden');
const UNKNOWN_EDGE = EDGE_TYPES.indexOf('hidden');

/** The layout in the value of a file's first key. Throws `SnapshotFormatError` when it is not one. */
export function parseLayout(text: string): Layout {
  const header = parseJson(text);
  const meta = field(header, 'meta');
  const nodeFields = names(meta, 'node_fields');
  const edgeFields = names(meta, 'edge_fields');
  const node = positions(NODE_FIELDS, nodeFields);
  const edge = positions(EDGE_FIELDS, edgeFields);
  return {
    nodeCount: count(header, 'node_count'),
    edgeCount: count(header, 'edge_count'),
    nodeWidth: nodeFields.length,
    edgeWidth: edgeFields.length,
    node,
    edge,
    nodeTypes: typeNumbers(field(meta, 'node_types'), node.type, NODE_TYPES, UNKNOWN_NODE),
    edgeTypes: typeNumbers(field(meta, 'edge_types'), edge.type, EDGE_TYPES, UNKNOWN_EDGE),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SnapshotFormatError('has a header that is not JSON');
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function count(header: unknown, name: string): number {
  const value = field(header, name);
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new SnapshotFormatError(`has no ${name} in its header`);
}

function names(meta: unknown, name: string): readonly string[] {
  const value = field(meta, name);
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return value;
  throw new SnapshotFormatError(`has no ${name} in its header`);
}

function positions<Name extends string>(
  wanted: readonly Name[],
  fields: readonly string[],
): Record<Name, number> {
  const missing = wanted.find((name) => !fields.includes(name));
  if (missing !== undefined) throw new SnapshotFormatError(`lacks the field ${missing}`);
  return Object.fromEntries(wanted.map((name) => [name, fields.indexOf(name)])) as Record<Name, number>;
}

/** The list of types stands where the field `type` stands among the fields. */
function typeNumbers(lists: unknown, at: number, ours: readonly string[], unknown: number): Uint8Array {
  const theirs = names({ types: field(lists, String(at)) }, 'types');
  return Uint8Array.from(theirs, (type) => (ours.includes(type) ? ours.indexOf(type) : unknown));
}
