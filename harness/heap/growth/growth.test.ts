import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  type GrowOptions,
  grow as growIn,
  leakyMap,
  OPERATIONS,
  outlines,
  type Program,
} from '../fixtures/grow.js';
import { type DeclaredHeap, edge, type HeapNode, NODE_24_FIELDS } from '../fixtures/snapshot-builder.js';
import { analyseFiles } from './analyse-files.js';

const folder = mkdtempSync(join(tmpdir(), 'leak-soak-growth-'));
afterAll(() => rmSync(folder, { recursive: true }));

const grow = (program: Program, options?: GrowOptions) => growIn(folder, program, options);

describe('what grows at every step', () => {
  test('is named with its path, its content and its bytes', async () => {
    const report = await grow(leakyMap);
    const bytes = (objects: number): number => objects * (32 + 24) + 16 + 8 * objects;
    const held = [101, 202, 303].map(bytes);
    expect(report).toMatchObject({
      operations: OPERATIONS,
      growthBytes: 202 * 64,
      warnings: [],
      culprits: [
        {
          kind: 'map',
          name: 'entries',
          className: 'Map',
          structures: 1,
          contents: [{ className: 'DnsRecord', counts: [101, 202, 303] }],
          heldBytes: held,
          retainedBytes: held.map((sum) => sum + 32),
          offHeapGrowthBytes: 0,
          share: 1,
          growthPerOp: { objects: 1, bytes: 64 },
          path: [
            { name: '[]', className: 'global' },
            { name: 'server', className: 'Server' },
            { name: 'cache', className: 'DnsCache' },
            { name: 'entries', className: 'Map' },
          ],
          artefact: false,
        },
      ],
    });
    expect(report.culprits).toHaveLength(1);
  });

  test('may be keyed by names: a dictionary', async () => {
    const report = await grow((heap) => {
      const sessions = heap.object('Object');
      heap.set(heap.global, 'sessions', sessions);
      return (n) => heap.set(sessions, `session-${n}`, heap.object('Session'));
    });
    expect(outlines(report)).toEqual(['dictionary sessions Object x1: Session 101>202>303']);
  });

  test('may be texts under as many keys, which are told of once', async () => {
    const report = await grow((heap) => {
      const sessions = heap.object('Object');
      const [keys, values] = [heap.node('array', '(keys)'), heap.node('array', '(values)')];
      edge(sessions, 'internal', 'keys', keys);
      edge(sessions, 'internal', 'values', values);
      edge(keys, 'element', 1_000, heap.node('string', 'a key of before'));
      heap.set(heap.global, 'sessions', sessions);
      return (n) => {
        for (const table of [keys, values])
          edge(table, 'element', n, heap.node('string', `${table.name} ${n}`));
      };
    });
    expect(outlines(report)).toEqual(['dictionary sessions Object x1: string 101>202>303']);
  });

  test('may be a chain, however long: its head is the structure', async () => {
    const report = await grow((heap) => {
      let head: HeapNode | null = null;
      return () => {
        const link = heap.object('Event', head === null ? {} : { before: head });
        heap.set(heap.global, 'history', link);
        head = link;
      };
    });
    expect(outlines(report)).toEqual(['linked history Event x1: Event 100>201>302']);
  });

  test('may be many small containers at once', async () => {
    const report = await grow((heap) => {
      const lists = Array.from({ length: 7 }, () => heap.array());
      heap.set(heap.global, 'byPeer', heap.map(lists));
      return (n) => heap.push(lists[n % 7] as HeapNode, heap.object('Message'));
    });
    expect(outlines(report)).toEqual(['array byPeer[] Array x7: Message 101>202>303']);
  });

  test('may be a text that gets longer', async () => {
    const report = await grow((heap) => {
      const text = heap.node('string', 'log', 24);
      heap.set(heap.global, 'log', text);
      return () => {
        text.bytes += 40;
      };
    });
    expect(outlines(report)).toEqual(['string log string x1: ']);
    expect(report.culprits[0]?.growthPerOp).toEqual({ objects: 0, bytes: 40 });
  });

  test('may be thin everywhere: a tree whose every branch grows by little', async () => {
    const branches = (heap: DeclaredHeap, above: HeapNode): HeapNode[] =>
      Array.from({ length: 20 }, (_, i) => {
        const branch = heap.object('Branch');
        heap.set(above, `letter-${i}`, branch);
        return branch;
      });
    const report = await grow((heap) => {
      const words = heap.object('Words');
      heap.set(heap.global, 'words', words);
      const leaves = branches(heap, words).flatMap((branch) => branches(heap, branch));
      return (n) => heap.set(leaves[(n * 37) % 400] as HeapNode, `word-${n}`, heap.object('Word'));
    });
    expect(outlines(report)).toEqual(['object words Words x1: Word 101>202>303']);
  });

  test('may lie outside the heap', async () => {
    const report = await grow((heap) => {
      const chunks = heap.array();
      heap.set(heap.global, 'chunks', chunks);
      return () => {
        const memory = heap.node('native', 'system / JSArrayBufferData', 65_536);
        const buffer = heap.object('ArrayBuffer');
        edge(buffer, 'internal', 'backing_store', memory);
        heap.push(chunks, heap.object('Buffer', { buffer }));
      };
    });
    expect(outlines(report)).toEqual(['buffers chunks Array x1: Buffer 101>202>303']);
    expect(report.culprits[0]?.offHeapGrowthBytes).toBe(202 * 65_536);
  });

  test('may be what Node holds: handles that are not closed', async () => {
    const report = await grow((heap) => (n) => edge(heap.handles, 'element', n, heap.object('TCP')));
    expect(outlines(report)).toEqual(['handles (Handle scope) (Handle scope) x1: TCP 101>202>303']);
  });

  test('may be of no object at all: what Node notes of its own comes last', async () => {
    const report = await grow((heap) => {
      return (n) => {
        edge(heap.root, 'element', n, heap.node('native', 'Node / TCPSocketWrap', 4_000));
        edge(heap.handles, 'element', n, heap.object('TCP'));
      };
    });
    expect(outlines(report)).toEqual([
      'handles (Handle scope) (Handle scope) x1: TCP 101>202>303',
      'v8 (roots) (roots) x1: Node / TCPSocketWrap 101>202>303',
    ]);
  });

  test('may be what a crowd of handles holds, one each: the parsers of connections are no structure', async () => {
    const report = await grow((heap) => {
      const parsers = Array.from({ length: 400 }, () => heap.object('HTTPParser'));
      for (const [i, parser] of parsers.entries()) edge(heap.handles, 'element', i, parser);
      return (n) => heap.set(parsers[n] as HeapNode, 'outgoing', heap.object('ClientRequest'));
    });
    expect(outlines(report)).toEqual(['handles (Handle scope) (Handle scope) x1: ClientRequest 101>202>303']);
  });

  test('is held against the structure once, although its content holds more', async () => {
    const report = await grow((heap) => {
      const operate = leakyMap(heap);
      const seen = heap.array();
      heap.set(heap.global, 'seen', seen);
      return (n) => {
        operate(n);
        heap.push(seen, heap.node('number', 'heap number', 16));
      };
    });
    expect(outlines(report)).toEqual([
      'map entries Map x1: DnsRecord 101>202>303',
      'array seen Array x1: number 101>202>303',
    ]);
    const shares = report.culprits.map(({ share }) => share as number);
    expect(shares[0]).toBeCloseTo(64 / (64 + 24));
    expect((shares[0] as number) + (shares[1] as number)).toBeCloseTo(1);
  });
});

describe('a fingerprint', () => {
  const fingerprint = async (...args: Parameters<typeof grow>): Promise<string | undefined> =>
    (await grow(...args)).culprits[0]?.fingerprint;

  test('is the same for other numbers, sizes, ids, versions and ways to the module', async () => {
    const expected = await fingerprint(leakyMap);
    const behindClosure: Program = (heap) => {
      const entries = heap.map();
      const server = heap.object('Server', { cache: heap.object('DnsCache', { entries }) });
      const handler = heap.node('closure', 'handle', 64);
      const context = heap.node('object', 'system / Context', 32);
      edge(handler, 'internal', 'context', context);
      edge(context, 'context', 'server', server);
      heap.set(heap.global, 'onRequest', handler);
      return () => heap.push(entries, heap.node('object', 'DnsRecord', 777));
    };
    expect(await fingerprint(behindClosure)).toBe(expected);
    expect(await fingerprint(leakyMap, { operations: 37, steps: 4, nodeFields: NODE_24_FIELDS })).toBe(
      expected,
    );
  });

  test('differs for another structure', async () => {
    const other: Program = (heap) => {
      const negative = heap.map();
      heap.set(
        heap.global,
        'server',
        heap.object('Server', { cache: heap.object('DnsCache', { negative }) }),
      );
      return () => heap.push(negative, heap.object('DnsRecord'));
    };
    expect(await fingerprint(other)).not.toBe(await fingerprint(leakyMap));
  });
});

test("V8's own growth comes last, however large", async () => {
  const report = await grow((heap) => {
    const operate = leakyMap(heap);
    const code = heap.node('code', '(Compilation cache)');
    edge(heap.handles, 'internal', '7', code);
    return (n) => {
      operate(n);
      edge(code, 'internal', String(n), heap.node('code', `f${n}`, 10_000));
    };
  });
  expect(report.culprits.map(({ kind, artefact }) => `${kind} ${artefact}`)).toEqual([
    'map false',
    'v8 true',
  ]);
});

test('snapshots in the wrong order are noticed', async () => {
  await grow(leakyMap);
  const files = [2, 1, 0].map((step) => join(folder, `${step}.heapsnapshot`));
  const { warnings, culprits } = await analyseFiles({ files, operations: null, allocations: null });
  expect(warnings).toEqual([expect.stringMatching(/in the order in which they were taken/)]);
  expect(culprits).toEqual([]);
});
