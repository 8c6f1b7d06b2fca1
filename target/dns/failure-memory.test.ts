import { expect, it } from 'vitest';
import { FailureMemory } from './failure-memory.js';

it('knows what failed for a short time, and keeps no more than its bound', () => {
  let now = 0;
  const failures = new FailureMemory(1000, () => now);
  failures.add('a');
  now = 999;
  expect(failures.has('a')).toBe(true);
  now = 1000;
  expect(failures.has('a')).toBe(false);
  failures.add('b');
  expect(failures.size().entries).toBe(1);
  for (let index = 0; index < 20_000; index += 1) failures.add(`n${index}`);
  expect(failures.size()).toMatchObject({ entries: 10_000, fill: 1 });
  expect([failures.has('n9999'), failures.has('n10000')]).toEqual([false, true]);
});
