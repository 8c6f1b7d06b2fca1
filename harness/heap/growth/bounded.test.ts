import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type GrowOptions, grow as growIn, leakyMap, outlines, type Program } from '../fixtures/grow.js';
import type { HeapNode } from '../fixtures/snapshot-builder.js';

const folder = mkdtempSync(join(tmpdir(), 'leak-soak-bounded-'));
afterAll(() => rmSync(folder, { recursive: true }));

const grow = (program: Program, options?: GrowOptions) => growIn(folder, program, options);

describe('what is bounded is no culprit', () => {
  test('a full cache that drops its oldest', async () => {
    const report = await grow((heap) => {
      const cache = heap.map(Array.from({ length: 150 }, () => heap.object('DnsRecord')));
      heap.set(heap.global, 'cache', cache);
      return () => {
        heap.push(cache, heap.object('DnsRecord'));
        heap.shift(cache);
      };
    });
    expect(report.culprits).toEqual([]);
  });

  test('a set that is emptied now and then, although it is fuller at every look', async () => {
    const report = await grow((heap) => {
      heap.set(heap.global, 'seen', heap.array());
      return (n) => {
        const seen = heap.array();
        if (n % 90 === 0) heap.set(heap.global, 'seen', seen);
        heap.push(
          heap.global.edges.find(({ name }) => name === 'seen')?.to as HeapNode,
          heap.object('Block'),
        );
      };
    });
    expect(report.culprits).toEqual([]);
  });

  test('a cache that is filled once, or fills up more and more slowly', async () => {
    for (const bound of [150, 230]) {
      const report = await grow((heap) => {
        const cache = heap.array();
        heap.set(heap.global, 'cache', cache);
        return (n) => {
          if (n <= bound) heap.push(cache, heap.object('Template'));
        };
      });
      expect(report.culprits).toEqual([]);
    }
  });

  test('two looks cannot tell, and the report says so', async () => {
    const report = await grow(leakyMap, { steps: 2 });
    expect(outlines(report)).toEqual(['map entries Map x1: DnsRecord 101>202']);
    expect(report.warnings).toEqual([expect.stringMatching(/two snapshots cannot tell/)]);
  });
});
