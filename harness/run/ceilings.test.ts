import { expect, test } from 'vitest';
import type { Sample } from '../core/sample.js';
import { exceededCeiling } from './ceilings.js';

const sample = (cells: Partial<Sample>): Sample => ({ elapsedMs: 7_000, gauges: {}, ...cells }) as Sample;
const rss = (explicit: boolean) => [{ metric: 'rss', value: 100, explicit }] as const;

test('a ceiling that the user named holds for the sum of the process tree, the default one for the target', () => {
  const forked = sample({ rssBytes: 60, treeRssBytes: 240 });
  expect(exceededCeiling(rss(true), forked)).toMatchObject({ reached: 240, atMs: 7_000 });
  expect(exceededCeiling(rss(false), forked)).toBeNull();
  expect(exceededCeiling(rss(false), sample({ rssBytes: 101, treeRssBytes: 240 }))?.reached).toBe(101);
});

test('where no sum was read the target alone counts, and what was not read exceeds nothing', () => {
  expect(exceededCeiling(rss(true), sample({ rssBytes: 101, treeRssBytes: null }))?.reached).toBe(101);
  expect(exceededCeiling(rss(true), sample({ rssBytes: null, treeRssBytes: null }))).toBeNull();
});
