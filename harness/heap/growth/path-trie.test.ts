import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPairTable } from './pair-table.js';
import { createPathTrie } from './path-trie.js';

test('a pair table keeps what a Map would', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(300), fc.nat(300)), { maxLength: 8000, minLength: 3000 }),
      (pairs) => {
        const table = createPairTable();
        const map = new Map<string, number>();
        for (const [a, b] of pairs) {
          const key = `${a} ${b}`;
          if (!map.has(key)) map.set(key, map.size);
          if (table.get(a, b) < 0) table.add(a, b, table.size);
          expect(table.get(a, b)).toBe(map.get(key));
        }
        expect(table.size).toBe(map.size);
      },
    ),
    { numRuns: 10 },
  );
});

describe('the trie of paths', () => {
  const walk = (steps: readonly number[], trie = createPathTrie()): number =>
    steps.reduce((place, step) => trie.child(place, step, 1), 0);

  test('has one place for equal ways, and others for others', () => {
    const trie = createPathTrie();
    expect(walk([1, 2, 3], trie)).toBe(walk([1, 2, 3], trie));
    expect(walk([1, 2, 3], trie)).not.toBe(walk([1, 3, 2], trie));
    expect(trie.child(0, 1, 5)).not.toBe(trie.child(0, 1, 6));
  });

  test.each([
    ['a list', [7, ...Array(10_000).fill(1)]],
    ['a list whose link is an object and a function', [7, ...Array(5000).fill([1, 2, 3]).flat()]],
    ['a tree', [7, 1, 2, 2, 1, 1, 1, 2, 1, 2, 2, 2, 1, 1, 2, 1, 1, 1, 2]],
  ])('folds %s into a few places', (_, steps) => {
    const trie = createPathTrie();
    const place = walk(steps, trie);
    expect(trie.size).toBeLessThan(12);
    expect(trie.parent(place)).toBeLessThan(place);
    expect(Array.from({ length: trie.size }, (_, at) => trie.folded(at))).toContain(true);
  });

  test('keeps the levels of nested containers apart', () => {
    const trie = createPathTrie();
    const outer = walk([9, 1, 2, 3], trie);
    const inner = walk([9, 1, 2, 3, 1, 2], trie);
    expect(inner).toBeGreaterThan(outer);
    expect(trie.folded(inner)).toBe(false);
  });
});
