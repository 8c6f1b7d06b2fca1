import { expect, test } from 'vitest';
import { buildRecording } from './fixtures/recording-builder.js';
import { judgedWindow, offeredPerMin, wholeRun } from './window.js';

test('the judged window is the steady phase without its first fifth', () => {
  expect(judgedWindow(buildRecording())).toEqual({ startMs: 10_000 + 0.2 * 44_000, endMs: 54_000 });
});

test('a run that never was steady has no judged window', () => {
  expect(judgedWindow(buildRecording({ steadyFromSec: 100, drainFromSec: 200 }))).toBeNull();
  expect(wholeRun(buildRecording({ seconds: 0 }))).toBeNull();
});

test('of several steady phases the longest is judged, never the drain between them', () => {
  const recording = buildRecording({ seconds: 150 });
  const steadyFrom = (from: number) => ({
    ...recording,
    phases: recording.phases.map((phase, row) => (row >= from ? ('steady' as const) : phase)),
  });
  expect(judgedWindow(steadyFrom(120))?.endMs).toBe(54_000);
  expect(judgedWindow(steadyFrom(60))).toEqual({ startMs: 60_000 + 0.2 * 89_000, endMs: 149_000 });
});

test('operations per minute come from the running total inside the window, and are null without load', () => {
  const window = { startMs: 20_000, endMs: 50_000 };
  expect(offeredPerMin(buildRecording(), window)).toBeCloseTo(6000, 6);
  expect(offeredPerMin(buildRecording({ columns: { offered: () => null } }), window)).toBeNull();
});
