import { expect, test } from 'vitest';
import { resolutionOf } from './resolution.js';

test('a known metric has the resolution of its source, whatever was read', () => {
  expect(resolutionOf('rss', [0.5, 0.75])).toBe(4096);
});

test.each([
  ['whole numbers count in ones, however far apart they lie', [5, 105, 205], 1],
  ['no reading is a whole number as well', [], 1],
  ['others by the smallest distance between two of them', [0.5, 1.25, 0.75, 3], 0.25],
  ['equal fractions have no distance, so a digit that can be trusted', [0.5, 0.5], 0.5e-9],
  ['rounding noise is no step', [0.1 + 0.2, 0.3, 1.3], 1],
])('a gauge: %s', (_, values, step) => {
  expect(resolutionOf('gauge.x', values)).toBeCloseTo(step, 12);
});
