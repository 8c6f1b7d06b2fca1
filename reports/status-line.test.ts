import { expect, test } from 'vitest';
import { sparkline, statusLine } from './status-line.js';

const STATUS = {
  phase: 'steady',
  leftMs: 25_400,
  elapsedMs: null,
  hasLoad: true,
  rssBytes: [100, 120, 140, 180].map((mib) => mib * 2 ** 20),
  offeredPerSec: 2000.4,
  answeredPerSec: 1999.6,
  liveHeapBytes: 31.25 * 2 ** 20,
} as const;

test('the line shows phase, time left, RSS, load and live heap', () => {
  expect(statusLine(STATUS)).toBe(
    'steady · 26 s left · rss ▁▃▅█ 180 MiB · 2000/s offered, 2000/s answered · live heap 31.3 MiB',
  );
});

test('what is not known yet is said or left out', () => {
  expect(
    statusLine({
      phase: 'warm-up',
      leftMs: null,
      elapsedMs: null,
      hasLoad: true,
      rssBytes: [],
      offeredPerSec: null,
      answeredPerSec: null,
      liveHeapBytes: null,
    }),
  ).toBe('warm-up · rss ? · no load yet');
});

test('of a process that is driven elsewhere nothing is said of load, and without an end how long it was watched', () => {
  const watched = { ...STATUS, leftMs: null, elapsedMs: 3_725_900, hasLoad: false, liveHeapBytes: null };
  expect(statusLine(watched)).toBe('steady · for 1 h 2 min · rss ▁▃▅█ 180 MiB');
});

test('a narrow terminal gets a cut line', () => {
  expect(statusLine(STATUS, 20)).toBe('steady · 26 s left …');
  expect(statusLine(STATUS, 20)).toHaveLength(20);
});

test('a sparkline is flat for equal values, empty for none, and keeps a peak when thinned', () => {
  expect(sparkline([5, 5, 5])).toBe('▁▁▁');
  expect(sparkline([])).toBe('');
  const values = Array.from({ length: 1000 }, (_, i) => (i === 500 ? 10 : 1));
  expect(sparkline(values)).toBe('▁▁▁▁▁▁▁▁█▁▁▁▁▁▁▁');
});
