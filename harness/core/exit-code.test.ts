import { describe, expect, test } from 'vitest';
import { dominantExitCode } from './exit-code.js';

describe('the exit code that speaks for several', () => {
  test.each([
    [[0, 0], 0],
    [[0, 2], 2],
    [[2, 1], 1],
    [[1, 3], 3],
    [[3, 4], 4],
    [[0, 1, 2, 3, 4, 130], 130],
  ] as const)('%j gives %i', (codes, expected) => {
    expect(dominantExitCode(codes)).toBe(expected);
  });

  test('nothing to speak for is a failure of the rig, not a pass', () => {
    expect(dominantExitCode([])).toBe(3);
  });
});
