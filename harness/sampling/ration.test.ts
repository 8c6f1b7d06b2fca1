import { expect, test } from 'vitest';
import { createRation } from './ration.js';

test('a probe that took 3 ms of a share of 1 % is due again 300 ms later', () => {
  let nowMs = 1000;
  const ration = createRation(0.01, () => nowMs);
  expect(ration.isDue()).toBe(true);
  ration.run(() => {
    nowMs += 3;
  });
  nowMs += 299;
  expect(ration.isDue()).toBe(false);
  nowMs += 1;
  expect(ration.isDue()).toBe(true);
});

test('what fails has cost its time as well', () => {
  let nowMs = 0;
  const ration = createRation(0.5, () => nowMs);
  expect(() =>
    ration.run(() => {
      nowMs += 10;
      throw new Error('refused');
    }),
  ).toThrow('refused');
  expect(ration.isDue()).toBe(false);
});
