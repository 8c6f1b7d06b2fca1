import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type DeclaredHeap, declareHeap, edge, type HeapNode } from '../fixtures/snapshot-builder.js';
import type { HeapSnapshot } from '../snapshot/heap-snapshot.js';
import { readSnapshot } from '../snapshot/read-snapshot.js';
import { findDominators } from './dominators.js';
import { holdingEdges } from './holding-edges.js';
import { retainedBytes } from './retained-bytes.js';
import { shortestPaths } from './shortest-paths.js';

const folder = mkdtempSync(join(tmpdir(), 'leak-soak-graph-'));
afterAll(() => rmSync(folder, { recursive: true }));

const snapshotOf = (heap: DeclaredHeap): Promise<HeapSnapshot> =>
  readSnapshot(heap.write(join(folder, 'a.heapsnapshot')));

/** Ids of the nodes on the shortest path to one of them. */
async function pathTo(heap: DeclaredHeap, target: HeapNode): Promise<number[]> {
  const snapshot = await snapshotOf(heap);
  const { parent, order } = shortestPaths(snapshot, holdingEdges(snapshot));
  const ids: number[] = [];
  let node = snapshot.nodeIds.indexOf(target.id);
  if (!order.includes(node)) return [];
  for (; node !== 0; node = parent[node] as number) ids.unshift(snapshot.nodeIds[node] as number);
  return ids;
}

async function retainedOf(heap: DeclaredHeap, ...nodes: HeapNode[]): Promise<number[]> {
  const snapshot = await snapshotOf(heap);
  const dominators = findDominators(snapshot, holdingEdges(snapshot));
  const bytes = retainedBytes(snapshot, dominators);
  // What the root does not reach is not in the order, and retains nothing.
  return nodes.map(({ id }) => bytes[dominators.order.indexOf(snapshot.nodeIds.indexOf(id))] ?? 0);
}

/** Nodes that the root reaches, without going through `avoided`. */
function reachable(links: readonly (readonly number[])[], avoided: number): Set<number> {
  const seen = new Set<number>(avoided === 0 ? [] : [0]);
  for (const node of seen) for (const to of links[node] ?? []) if (to !== avoided) seen.add(to);
  return seen;
}

describe('shortest retaining paths', () => {
  test('lead through the names of the program, although the way through V8 is shorter', async () => {
    const heap = declareHeap();
    const leaf = heap.object('Leaf');
    const cache = heap.object('Cache', { leaf });
    const server = heap.object('Server', { cache });
    heap.set(heap.global, 'server', server);
    edge(heap.handles, 'element', 2, leaf);
    expect(await pathTo(heap, leaf)).toEqual([heap.global.id, server.id, cache.id, leaf.id]);
  });

  test('go through what V8 holds where no global leads, and nowhere for garbage', async () => {
    const heap = declareHeap();
    const held = heap.object('Held');
    const garbage = heap.object('Garbage');
    edge(heap.handles, 'element', 2, held);
    expect(await pathTo(heap, held)).toEqual([heap.root.edges[0]?.to.id, heap.handles.id, held.id]);
    expect(await pathTo(heap, garbage)).toEqual([]);
  });

  test('use no weak edge, and none from a WeakMap to a value whose key is gone', async () => {
    const heap = declareHeap();
    const [key, value] = [heap.object('Key'), heap.object('Value')];
    const table = heap.node('array', 'system / EphemeronHashTable');
    heap.set(heap.global, 'table', table);
    edge(heap.global, 'weak', 'key', key);
    const pair = `1 / part of key (Key @${key.id}) -> value (Value @${value.id}) pair in WeakMap (table @${table.id})`;
    edge(table, 'internal', pair, value);
    expect(await pathTo(heap, value)).toEqual([]);
    edge(key, 'internal', pair, value);
    heap.set(heap.global, 'strong', key);
    expect(await pathTo(heap, value)).toEqual([heap.global.id, key.id, value.id]);
  });
});

describe('retained sizes', () => {
  test('count what would go with a node: shared objects belong to what holds all their holders', async () => {
    const heap = declareHeap();
    const shared = heap.node('object', 'Shared', 100);
    const one = heap.object('One', { shared, own: heap.node('object', 'Own', 10) });
    const two = heap.object('Two', { shared });
    const owner = heap.object('Owner', { one, two });
    heap.set(heap.global, 'owner', owner);
    expect(await retainedOf(heap, one, two, shared, owner)).toEqual([42, 32, 100, 42 + 32 + 100 + 32]);
  });

  test('are computed for a list of a hundred thousand links', async () => {
    const heap = declareHeap();
    let list = heap.object('Link');
    for (let i = 1; i < 100_000; i++) {
      const next = list;
      list = heap.node('object', 'Link', 32);
      edge(list, 'property', 'next', next);
    }
    heap.set(heap.global, 'list', list);
    expect(await retainedOf(heap, list)).toEqual([3_200_000]);
  });

  test('of any graph are the sums that removing each node in turn gives', async () => {
    const size = 12;
    const graphs = fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(graphs, async (links) => {
        const heap = declareHeap();
        const nodes = [
          heap.global,
          ...Array.from({ length: size - 1 }, (_, i) => heap.node('object', 'N', 1 << i)),
        ];
        const targets = nodes.map((_, from) =>
          links.filter((link) => link[0] === from).map((link) => link[1]),
        );
        for (const [from, to] of links) edge(nodes[from] as HeapNode, 'internal', 'x', nodes[to] as HeapNode);
        const whole = reachable(targets, -1);
        const expected = nodes.map((_, removed) => {
          const left = reachable(targets, removed);
          const lost = [...whole].filter((node) => !left.has(node));
          return lost.reduce((sum, node) => sum + (nodes[node]?.bytes ?? 0), 0);
        });
        expect(await retainedOf(heap, ...nodes)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});
