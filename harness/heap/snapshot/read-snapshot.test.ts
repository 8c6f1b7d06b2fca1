import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeHeapSnapshot } from 'node:v8';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { declareHeap, edge, NODE_20_FIELDS, NODE_24_FIELDS } from '../fixtures/snapshot-builder.js';
import { EDGE_TYPES, type HeapSnapshot, NODE_TYPES } from './heap-snapshot.js';
import { readSnapshot } from './read-snapshot.js';

const folder = mkdtempSync(join(tmpdir(), 'leak-soak-read-snapshot-'));
afterAll(() => rmSync(folder, { recursive: true }));

const path = join(folder, 'a.heapsnapshot');

/** Nodes with their edges as text, in the order of the file. */
function describeNodes(snapshot: HeapSnapshot): string[] {
  const { nodeTypes, nodeNames, nodeIds, shallowBytes, firstEdge, edgeTypes, edgeNames, strings } = snapshot;
  return Array.from({ length: snapshot.nodeCount }, (_, node) => {
    const edges: string[] = [];
    for (let at = firstEdge[node] as number; at < (firstEdge[node + 1] as number); at++) {
      const type = EDGE_TYPES[edgeTypes[at] as number] as string;
      const name = edgeNames[at] as number;
      const text = type === 'element' || type === 'hidden' ? String(name) : strings.at(name);
      edges.push(`${type} ${text} -> ${nodeIds[snapshot.edgeTargets[at] as number]}`);
    }
    const name = strings.at(nodeNames[node] as number);
    const head = `${NODE_TYPES[nodeTypes[node] as number]} ${name} @${nodeIds[node]} ${shallowBytes[node]}`;
    return [head, ...edges].join('; ');
  });
}

const small = () => {
  const heap = declareHeap();
  heap.set(heap.global, 'odd "name" \\ ü\n', heap.node('string', 'one, two] } \u2028 \\', 24));
  heap.set(heap.global, 'list', heap.array([heap.object('Thing'), heap.object('Thing')]));
  edge(heap.handles, 'weak', 'cell', heap.node('native', 'system / Buffer', 5_000_000_000));
  return heap;
};

describe('what is read', () => {
  test('is what was declared, by names and numbers', async () => {
    const heap = small();
    const snapshot = await readSnapshot(heap.write(path));
    expect(describeNodes(snapshot)).toEqual([
      'synthetic  @1 0; element 1 -> 3; shortcut global -> 7',
      'synthetic (GC roots) @3 0; element 1 -> 5',
      'synthetic (Handle scope) @5 0; element 1 -> 7; weak cell -> 19',
      'object global @7 24; property odd "name" \\ ü\n -> 9; property list -> 15',
      'string one, two] } \u2028 \\ @9 24',
      'object Thing @11 32',
      'object Thing @13 32',
      'object Array @15 32; internal elements -> 17; element 1 -> 11; element 2 -> 13',
      'array (elements) @17 32',
      'native system / Buffer @19 4294967295',
    ]);
  });

  test.each([
    ['Node 24', NODE_24_FIELDS],
    ['fields in another order', [...NODE_20_FIELDS].reverse()],
    ['fields that nobody knows yet', ['x', 'type', 'y', 'name', 'id', 'self_size', 'z', 'edge_count']],
  ])('does not depend on the version: %s', async (_, nodeFields) => {
    const heap = small();
    const expected = describeNodes(await readSnapshot(heap.write(path)));
    expect(describeNodes(await readSnapshot(heap.write(path, { nodeFields })))).toEqual(expected);
  });

  test('does not depend on where chunks end, nor on packing', async () => {
    const heap = small();
    const expected = describeNodes(await readSnapshot(heap.write(path)));
    const packed = heap.write(join(folder, 'a.heapsnapshot.gz'), { gzip: true });
    for (let bytes = 1; bytes < 80; bytes++) {
      expect(describeNodes(await readSnapshot(path, bytes))).toEqual(expected);
    }
    for (const bytes of [64, 65, 1000]) {
      expect(describeNodes(await readSnapshot(packed, bytes))).toEqual(expected);
    }
  });

  test('of this very process is what JSON.parse makes of it', async () => {
    const file = writeHeapSnapshot(join(folder, 'own.heapsnapshot'));
    const snapshot = await readSnapshot(file);
    const { snapshot: header, nodes, edges, strings } = JSON.parse(readFileSync(file, 'utf8'));
    const width = header.meta.node_fields.length;
    const column = (name: string): number[] => {
      const at = header.meta.node_fields.indexOf(name);
      return Array.from({ length: header.node_count }, (_, node) => nodes[node * width + at]);
    };
    expect([...snapshot.nodeIds]).toEqual(column('id'));
    expect([...snapshot.shallowBytes]).toEqual(column('self_size'));
    expect([...snapshot.nodeTypes]).toEqual(column('type'));
    expect(snapshot.edgeCount).toBe(header.edge_count);
    const targets: number[] = edges.filter((_: number, at: number) => at % 3 === 2);
    expect([...snapshot.edgeTargets]).toEqual(targets.map((target) => target / width));
    expect(Array.from({ length: snapshot.strings.length }, (_, at) => snapshot.strings.at(at))).toEqual(
      strings,
    );
  });
});

describe('a file that cannot be read is refused in one sentence that names it', () => {
  const text = small().json();
  const huge = text.replace(/"node_count":\d+/, '"node_count":4000000000');
  test.each([
    ['empty', '', /is empty/],
    ['text', 'hello', /is no V8 heap snapshot/],
    ['other JSON', '{"nodes":[1,2]}', /does not begin with its header/],
    ['a list', '[1]', /is no V8 heap snapshot/],
    ['a bare value', '{"snapshot":5}', /neither a list nor an object/],
    ['a CPU profile', '{"nodes":[{"id":1}],"startTime":1}', /does not begin with its header/],
    ['a header without counts', '{"snapshot":{"meta":{}}}', /has no node_fields/],
    ['no nodes at all', text.slice(0, text.indexOf(',\n"nodes"')).concat('}'), /lacks its nodes/],
    ['enormous counts', huge, /damaged: it says that it holds 4000000000 nodes/],
    ['too few nodes', text.replace(/"node_count":10/, '"node_count":11'), /holds 10 of its 11 nodes/],
    ['too many nodes', text.replace(/"node_count":10/, '"node_count":9'), /holds more than its 9 nodes/],
    [
      'half a node',
      text.replace('"edges":', '"x":[],"edges":').replace(/,0\],\n"x"/, '],\n"x"'),
      /middle of a record/,
    ],
    ['a letter among numbers', text.replace('"edges":[1', '"edges":[x'), /no whole number/],
    ['an edge to nowhere', text.replace(/(\n,\d+,\d+,)\d+(\],\n"trace_tree")/, '$199999$2'), /to no node/],
    ['a string that is not there', text.replace(/\n,"odd[^\n]*/, ''), /uses \d+ strings and holds \d+/],
    ['text after its end', `${text}x`, /is not JSON/],
  ])('%s', async (_, content, message) => {
    writeFileSync(path, content);
    await expect(readSnapshot(path)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(message),
    });
    await expect(readSnapshot(path)).rejects.toThrow(path);
  });

  test('wherever it was cut short', async () => {
    for (let length = 1; length < text.length; length += 7) {
      writeFileSync(path, text.slice(0, length));
      await expect(readSnapshot(path)).rejects.toMatchObject({ code: 'usage' });
    }
  });

  test('packed and cut short, or packed and not gzip behind its first bytes', async () => {
    const packed = gzipSync(text);
    for (const content of [packed.subarray(0, packed.length - 20), Buffer.from([0x1f, 0x8b, 1, 2, 3, 4])]) {
      writeFileSync(path, content);
      await expect(readSnapshot(path)).rejects.toMatchObject({
        code: 'usage',
        message: expect.stringMatching(/cannot be unpacked/),
      });
    }
  });

  test('missing, or a folder', async () => {
    await expect(readSnapshot(join(folder, 'nowhere'))).rejects.toThrow(/nowhere \(ENOENT\)/);
    await expect(readSnapshot(folder)).rejects.toMatchObject({ code: 'usage' });
  });
});
