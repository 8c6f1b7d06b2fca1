import { expect, test } from 'vitest';
import { buildRecording, cycles } from './fixtures/recording-builder.js';
import { judgedWindow, offeredPerMin, wholeRun } from './window.js';

test('the judged window is the steady phase with the drain after it, without warm-up and settle', () => {
  expect(judgedWindow(buildRecording())).toEqual({ startMs: 10_000, endMs: 59_000 });
  const settling = buildRecording({
    phaseAt: (second) => (second < 50 ? cycles(30, 10)(second) : 'settle'),
  });
  expect(judgedWindow(settling)).toEqual({ startMs: 10_000, endMs: 49_000 });
});

test('a run that was cut short in its load is judged to its last steady row', () => {
  expect(judgedWindow(buildRecording({ seconds: 40 }))).toEqual({ startMs: 10_000, endMs: 39_000 });
});

test('a run that never was steady has no judged window', () => {
  expect(judgedWindow(buildRecording({ steadyFromSec: 100, drainFromSec: 200 }))).toBeNull();
  expect(wholeRun(buildRecording({ seconds: 0 }))).toBeNull();
});

test('all cycles are judged together, the drains between them included', () => {
  const recording = buildRecording({ seconds: 150, phaseAt: cycles(30, 5) });
  expect(judgedWindow(recording)).toEqual({ startMs: 10_000, endMs: 149_000 });
});

test('operations per minute come from the running total inside the window, and are null without load', () => {
  const window = { startMs: 20_000, endMs: 50_000 };
  expect(offeredPerMin(buildRecording(), window)).toBeCloseTo(6000, 6);
  expect(offeredPerMin(buildRecording({ columns: { offered: () => null } }), window)).toBeNull();
});

test('the drain at the end of a window does not dilute its operations per minute', () => {
  const recording = buildRecording({ seconds: 90 });
  expect(offeredPerMin(recording, judgedWindow(recording) ?? expect.fail())).toBeCloseTo(6000, 6);
});
