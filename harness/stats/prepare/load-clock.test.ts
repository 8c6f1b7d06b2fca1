import { expect, test } from 'vitest';
import { type IdleGap, loadClock, loadedTimes } from './load-clock.js';

const GAPS: readonly IdleGap[] = [
  { startMs: 20, endMs: 26 },
  { startMs: 50, endMs: 54 },
];

test('loaded time stands still in gaps', () => {
  const times = Float64Array.of(0, 10, 20, 23, 26, 30, 49, 50, 52, 54, 60);
  expect([...loadedTimes(times, GAPS)]).toEqual([0, 10, 20, 20, 20, 24, 43, 44, 44, 44, 50]);
  expect(loadedTimes(times, [])).toBe(times);
});

test('loaded time leads back to the recording, at a gap to its end', () => {
  const clock = loadClock(GAPS);
  expect([0, 19, 20, 24, 43, 44, 50].map((at) => clock.recordedMs(at))).toEqual([0, 19, 26, 30, 49, 54, 60]);
});
