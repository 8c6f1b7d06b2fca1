import { expect, it } from 'vitest';
import { seededRandom } from '../../harness/core/random.js';
import { changedBytes } from './changed-bytes.js';

const BYTES = Buffer.from('a message of some bytes');

it('the same seed changes the same bytes, and leaves its input as it was', () => {
  const [one, other] = [seededRandom(1), seededRandom(1)];
  const copies = Array.from({ length: 200 }, () => changedBytes(BYTES, one));
  expect(copies).toEqual(Array.from({ length: 200 }, () => changedBytes(BYTES, other)));
  expect(BYTES.toString()).toBe('a message of some bytes');
});

it('most copies differ, some are shorter and some longer', () => {
  const random = seededRandom(2);
  const copies = Array.from({ length: 500 }, () => changedBytes(BYTES, random));
  expect(copies.filter((copy) => !copy.equals(BYTES)).length).toBeGreaterThan(400);
  expect(Math.min(...copies.map(({ length }) => length))).toBe(0);
  expect(Math.max(...copies.map(({ length }) => length))).toBeGreaterThan(BYTES.length + 8);
});

it('an empty input is changed, too', () => {
  const random = seededRandom(3);
  const copies = Array.from({ length: 100 }, () => changedBytes(Buffer.alloc(0), random));
  expect(copies.some(({ length }) => length > 0)).toBe(true);
});
