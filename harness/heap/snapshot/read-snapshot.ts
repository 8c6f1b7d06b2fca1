import { usageError } from '../../core/errors.js';
import { createEdgeList, createNodeList } from './columns.js';
import { createDocument } from './document.js';
import { openSnapshotFile, type SnapshotFile } from './file-chunks.js';
import type { HeapSnapshot } from './heap-snapshot.js';
import { type Layout, parseLayout } from './layout.js';
import { CHUNK_BYTES } from './number-list.js';
import { createPassedOver, createPassedOverNumbers, type Section, SnapshotFormatError } from './section.js';
import { createStringList } from './string-table.js';

/** A header lists fields and types; V8's own has 1.5 kB. */
const MAX_HEADER_BYTES = 64 * 1024;

/**
 * Reads a `.heapsnapshot`, packed with gzip or not, of any size, in chunks: the text of the file is never in memory.
 *
 * Throws `usage` naming the file when it is missing, empty, cut short, damaged, not a heap snapshot, or says that it
 * holds more than fits into its bytes; nothing is allocated for what it only claims to hold.
 */
export async function readSnapshot(path: string, chunkBytes = CHUNK_BYTES): Promise<HeapSnapshot> {
  try {
    return await read(await openSnapshotFile(path), chunkBytes);
  } catch (error) {
    if (error instanceof SnapshotFormatError) {
      throw usageError(
        `heap snapshot ${path} ${error.message}; take it again, and copy it only when it is complete`,
      );
    }
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR') {
      throw usageError(
        `cannot read the heap snapshot ${path} (${code}): give the path of a .heapsnapshot file`,
      );
    }
    throw error;
  }
}

async function read(file: SnapshotFile, chunkBytes: number): Promise<HeapSnapshot> {
  const parts = createParts(file);
  const document = createDocument(parts.open, parts.close);
  for await (const chunk of file.chunks(chunkBytes)) {
    document.take(chunk);
    parts.passed(chunk.length);
  }
  if (!document.done) throw new SnapshotFormatError('is cut short');
  return parts.assemble();
}

/** The values of a snapshot by their keys, V8's order or another, as long as the header comes first. */
function createParts(file: SnapshotFile) {
  let layout: Layout | null = null;
  let nodes: ReturnType<typeof createNodeList> | null = null;
  let edges: ReturnType<typeof createEdgeList> | null = null;
  let strings: ReturnType<typeof createStringList> | null = null;
  let header = '';
  let passedBytes = 0;

  function requireLayout(): Layout {
    if (layout === null)
      throw new SnapshotFormatError('is no V8 heap snapshot: it does not begin with its header');
    return layout;
  }

  return {
    open(key: string): Section {
      if (key === 'snapshot') {
        return createPassedOver((bytes) => {
          header += Buffer.from(bytes).toString('utf8');
          if (header.length > MAX_HEADER_BYTES)
            throw new SnapshotFormatError('has a header that no V8 wrote');
        });
      }
      const found = requireLayout();
      if (key === 'nodes') {
        nodes = createNodeList(found);
        return nodes;
      }
      if (key === 'edges') {
        edges = createEdgeList(found);
        return edges;
      }
      if (key === 'locations') return createPassedOverNumbers();
      if (key !== 'strings') return createPassedOver();
      strings = createStringList(file.plain ? file.maxBytes - passedBytes : 0);
      return strings;
    },
    close(key: string): void {
      if (key !== 'snapshot') return;
      layout = parseLayout(header);
      requirePlausible(layout, file);
    },
    passed(bytes: number): void {
      passedBytes += bytes;
    },
    assemble(): HeapSnapshot {
      const { nodeCount, edgeCount } = requireLayout();
      if (nodes === null || edges === null || strings === null || nodeCount === 0) {
        throw new SnapshotFormatError('lacks its nodes, its edges or its strings');
      }
      const named = Math.max(nodes.finish(), edges.finish());
      const table = strings.table();
      if (named > table.length) {
        throw new SnapshotFormatError(`uses ${named} strings and holds ${table.length}`);
      }
      return { nodeCount, edgeCount, ...nodes.columns, ...edges.columns, strings: table };
    },
  };
}

/** Every number takes a digit and a comma at least. */
function requirePlausible(layout: Layout, file: SnapshotFile): void {
  const { nodeCount, edgeCount, nodeWidth, edgeWidth } = layout;
  const leastBytes = 2 * (nodeCount * nodeWidth + edgeCount * edgeWidth);
  if (leastBytes <= file.maxBytes) return;
  throw new SnapshotFormatError(
    `is cut short or damaged: it says that it holds ${nodeCount} nodes and ${edgeCount} edges, which do not fit into its ${file.storedBytes} bytes`,
  );
}
