import type { HeapSnapshot } from './heap-snapshot.js';
import { edgeType } from './heap-snapshot.js';
import type { Layout } from './layout.js';
import { createNumberList } from './number-list.js';
import { type Section, SnapshotFormatError } from './section.js';

type NodeColumns = Pick<HeapSnapshot, 'nodeTypes' | 'nodeNames' | 'nodeIds' | 'shallowBytes' | 'firstEdge'>;
type EdgeColumns = Pick<HeapSnapshot, 'edgeTypes' | 'edgeNames' | 'edgeTargets'>;

/** A list of the file with the columns it fills; `finish` checks that they were filled to the end. */
interface ColumnList<Columns> extends Section {
  readonly columns: Columns;
  /** Returns one more than the highest index into the strings. Throws `SnapshotFormatError`. */
  finish(): number;
}

const MAX_BYTES = 0xffff_ffff;

/** The list of nodes. */
export function createNodeList(layout: Layout): ColumnList<NodeColumns> {
  const { nodeCount, edgeCount, nodeWidth, node, nodeTypes: types } = layout;
  const nodeTypes = new Uint8Array(nodeCount);
  const nodeNames = new Uint32Array(nodeCount);
  const nodeIds = new Uint32Array(nodeCount);
  const shallowBytes = new Uint32Array(nodeCount);
  const firstEdge = new Uint32Array(nodeCount + 1);
  let row = 0;
  let edges = 0;
  let highestName = -1;
  const list = createNumberList(nodeWidth, (values, records) => {
    if (row + records > nodeCount) throw new SnapshotFormatError(`holds more than its ${nodeCount} nodes`);
    // The loop works on local variables: what a closure keeps is read from memory each time.
    const { type: typeAt, name: nameAt, id: idAt, self_size: bytesAt, edge_count: countAt } = node;
    let [record, edge, highest] = [row, edges, highestName];
    for (let at = 0, end = records * nodeWidth; at < end; at += nodeWidth, record++) {
      const name = values[at + nameAt] as number;
      const bytes = values[at + bytesAt] as number;
      const type = values[at + typeAt] as number;
      if (type >= types.length) throw new SnapshotFormatError(`has a node of the unknown type ${type}`);
      if (name > highest) highest = name;
      nodeTypes[record] = types[type] as number;
      nodeNames[record] = name;
      nodeIds[record] = values[at + idAt] as number;
      shallowBytes[record] = bytes > MAX_BYTES ? MAX_BYTES : bytes;
      firstEdge[record] = edge;
      edge += values[at + countAt] as number;
    }
    [row, edges, highestName] = [record, edge, highest];
  });
  return withColumns(list, { nodeTypes, nodeNames, nodeIds, shallowBytes, firstEdge }, () => {
    if (row !== nodeCount) throw new SnapshotFormatError(`holds ${row} of its ${nodeCount} nodes`);
    if (edges !== edgeCount) throw new SnapshotFormatError(`gives its nodes ${edges} of ${edgeCount} edges`);
    firstEdge[nodeCount] = edges;
    return highestName + 1;
  });
}

/** The list of edges. */
export function createEdgeList(layout: Layout): ColumnList<EdgeColumns> {
  const { nodeCount, edgeCount, nodeWidth, edgeWidth, edge, edgeTypes: types } = layout;
  const edgeTypes = new Uint8Array(edgeCount);
  const edgeNames = new Uint32Array(edgeCount);
  const edgeTargets = new Uint32Array(edgeCount);
  const [element, hidden] = [edgeType('element'), edgeType('hidden')];
  let row = 0;
  let highestName = -1;
  const list = createNumberList(edgeWidth, (values, records) => {
    if (row + records > edgeCount) throw new SnapshotFormatError(`holds more than its ${edgeCount} edges`);
    const { type: typeAt, name_or_index: nameAt, to_node: targetAt } = edge;
    let [record, highest] = [row, highestName];
    for (let at = 0, end = records * edgeWidth; at < end; at += edgeWidth, record++) {
      const fileType = values[at + typeAt] as number;
      const name = values[at + nameAt] as number;
      // A target is given as the position of its first number in the list of nodes.
      const target = (values[at + targetAt] as number) / nodeWidth;
      const type = types[fileType] as number;
      if (fileType >= types.length || target >= nodeCount || target !== Math.floor(target)) {
        throw new SnapshotFormatError(`has an edge (number ${record}) of an unknown type or to no node`);
      }
      if (type !== element && type !== hidden && name > highest) highest = name;
      edgeTypes[record] = type;
      edgeNames[record] = name;
      edgeTargets[record] = target;
    }
    [row, highestName] = [record, highest];
  });
  return withColumns(list, { edgeTypes, edgeNames, edgeTargets }, () => {
    if (row !== edgeCount) throw new SnapshotFormatError(`holds ${row} of its ${edgeCount} edges`);
    return highestName + 1;
  });
}

function withColumns<Columns>(list: Section, columns: Columns, finish: () => number): ColumnList<Columns> {
  return {
    columns,
    finish,
    get done() {
      return list.done;
    },
    take: list.take,
  };
}
