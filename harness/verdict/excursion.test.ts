import { expect, test } from 'vitest';
import { excursions } from './excursion.js';
import { buildRecording } from './fixtures/recording-builder.js';
import { judgedWindow } from './window.js';

const found = (fds: (row: number) => number) => {
  const recording = buildRecording({ columns: { fds: (_, row) => fds(row) } });
  return excursions(recording, judgedWindow(recording));
};

test('a spike of descriptors that returns is reported, and is no growth', () => {
  const [finding, ...others] = found((row) => (row >= 30 && row < 33 ? 138 : 13));
  expect(finding).toMatchObject({ id: 'excursion', severity: 'info' });
  expect(finding?.message).toContain('open descriptors left the usual 13 for up to 138 in 3 of');
  expect(others).toEqual([]);
});

test('a level that stays up is left to the trend', () => {
  expect(found((row) => (row < 40 ? 13 : 138))).toEqual([]);
});

test('usual jitter is no excursion', () => {
  expect(found((row) => 13 + (row % 3))).toEqual([]);
});
