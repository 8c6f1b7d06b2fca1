import { expect, test } from 'vitest';
import { emptyRecording, lastReading, type Recording, seriesOf } from './recording.js';

const recording: Recording = {
  rowCount: 4,
  elapsedMs: Float64Array.of(0, 1000, 2000, 3000),
  phases: ['warm-up', 'steady', 'steady', 'drain'],
  column: (name) =>
    name === 'fds'
      ? Float64Array.of(20, 21, Number.NaN, 22)
      : name === 'gate'
        ? Float64Array.of(1, Number.NaN, 1, 1)
        : null,
};

test('empty cells and rows outside the window are left out of a series', () => {
  expect(seriesOf(recording, 'fds', { startMs: 1000, endMs: 3000 })).toEqual({
    elapsedMs: [1000, 3000],
    values: [21, 22],
  });
});

test('a gate keeps only rows where the other column was read', () => {
  expect(seriesOf(recording, 'fds', { startMs: 0, endMs: 3000 }, 'gate').values).toEqual([20, 22]);
  expect(seriesOf(recording, 'fds', { startMs: 0, endMs: 3000 }, 'absent').values).toEqual([]);
});

test('the last reading skips empty cells and is null where there is none', () => {
  expect(lastReading(recording, 'fds')).toBe(22);
  expect(lastReading(recording, 'absent')).toBeNull();
  expect(lastReading(emptyRecording(), 'fds')).toBeNull();
});
