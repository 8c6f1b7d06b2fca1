import { describe, expect, test } from 'vitest';
import type { Sample } from '../core/sample.js';
import { settled, standing } from './warm-up.js';

const sizes = (fill: number | null) => [{ name: 'cache', entries: 1, bytes: null, limit: 10, fill }];

describe('bounded structures have found their level', () => {
  test.each([
    [0.2, 0.95, true],
    [0.2, 0.205, true],
    [0.2, 0.4, false],
    [null, null, true],
  ])('from %s to %s: %s', (before, now, expected) => {
    expect(standing(sizes(before), sizes(now))).toBe(expected);
  });

  test('but not while their sizes cannot be read', () => {
    expect(standing(null, sizes(0.95))).toBe(false);
    expect(standing(sizes(0.95), null)).toBe(false);
  });
});

describe('levels have settled', () => {
  const rows = (live: readonly (number | null)[], rss = 100): Sample[] =>
    live.map((liveHeapBytes) => ({ liveHeapBytes, rssBytes: rss }) as Sample);

  test.each([
    [[10, 20, 100, 100.5, 101, 101, 100.8], true],
    [[90, 92, 94, 96, 98, 100], false],
    [[100, 100], false],
  ])('%j: %s', (levels, expected) => {
    expect(settled(rows(levels))).toBe(expected);
  });

  test('RSS is looked at where live heap is not read', () => {
    expect(settled(rows([null, null, null, null, null]))).toBe(true);
  });
});
