import { expect, test } from 'vitest';
import { buildRecording, cycles } from './fixtures/recording-builder.js';
import { idleGaps } from './idle-gaps.js';

/** Two stretches of load, off from 35.4 s to 40.75 s; rows of a drain begin at 36 s and those of load at 41 s. */
const PHASES = { seconds: 60, phaseAt: (second: number) => cycles(26, 5)(second) };
const offeredMs = (ms: number): number => Math.min(ms, 35_400) + Math.max(0, ms - 40_750);

test('what the driver counted tells when the load went off and on between two rows', () => {
  const gaps = idleGaps(
    buildRecording({ ...PHASES, columns: { offered: (minutes) => 2 * offeredMs(minutes * 60_000) } }),
  );
  expect(gaps).toHaveLength(1);
  expect(gaps[0]?.startMs).toBeCloseTo(35_400, 6);
  expect(gaps[0]?.endMs).toBeCloseTo(40_750, 6);
});

test('without a count it is the middle between the rows', () => {
  const gaps = idleGaps(buildRecording({ ...PHASES, columns: { offered: () => null } }));
  expect(gaps).toEqual([{ startMs: 35_500, endMs: 40_500 }]);
});

test('a run without a drain between two stretches of load has none', () => {
  expect(idleGaps(buildRecording())).toEqual([]);
  expect(idleGaps(buildRecording({ seconds: 0 }))).toEqual([]);
});
