import { expect, test } from 'vitest';
import type { RungResult } from '../harness/core/rung.js';
import { ladderSummary, rungLine } from './ladder-text.js';

const MIB = 2 ** 20;
const FOUND: RungResult = {
  rung: { leak: 'heap', metric: 'live-heap', floorPerMin: MIB, share: 2 },
  outcome: 'fail',
  asPromised: true,
  message: 'live heap rises',
  detectedMs: 81_000,
  growthPerMin: 2 * MIB,
  halfWidthPerMin: 0.1 * MIB,
  tookMs: 90_000,
  folder: '/runs/heap-2',
};
const UNREAD: RungResult = {
  ...FOUND,
  rung: { leak: 'fd', metric: 'fds', floorPerMin: 3, share: 0.5 },
  asPromised: false,
  message: 'open descriptors rise\nsecond line',
  detectedMs: null,
  growthPerMin: null,
  halfWidthPerMin: null,
  folder: '/runs/fd-0.5',
};

test('a rung is one line as soon as it is known', () => {
  expect(rungLine(FOUND)).toMatch(/^ok {3}heap\/2 +fail +live heap rises\n$/);
  expect(rungLine(UNREAD)).toMatch(/^NOT {2}fd\/0\.5 +fail +open descriptors rise\n$/);
});

test('the table has floor, rate, what was measured and the time to detection, and says where to look', () => {
  const lines = ladderSummary([FOUND, UNREAD]).split('\n');
  expect(lines[0]?.split(/ {2,}/).filter(Boolean)).toEqual([
    'rung',
    'metric',
    'floor',
    'leak',
    'measured',
    'verdict',
    'detected after',
  ]);
  expect(lines[1]?.split(/ {2,}/)).toEqual([
    'ok',
    'heap/2',
    'live-heap',
    '1 MiB/min',
    '2 MiB/min',
    '2 ± 0.1 MiB/min',
    'fail',
    '1 min 21 s',
  ]);
  expect(lines[2]?.split(/ {2,}/)).toEqual(['NOT', 'fd/0.5', 'fds', '3 /min', '1.5 /min', '-', 'fail', '-']);
  expect(lines.slice(3)).toEqual([
    '1 of 2 rungs are as promised: half a floor does not fail, twice a floor does',
    '  fd/0.5: leak-soak analyze /runs/fd-0.5',
    '',
  ]);
});
