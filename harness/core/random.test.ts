import { expect, test } from 'vitest';
import { hash32, seededRandom } from './random.js';

test('the same seed gives the same numbers, another seed others', () => {
  const draw = (seed: number): number[] => {
    const next = seededRandom(seed);
    return Array.from({ length: 5 }, () => next());
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test('numbers spread over the whole 32-bit range', () => {
  const next = seededRandom(1);
  const buckets = new Array<number>(16).fill(0);
  for (let i = 0; i < 16_000; i++) {
    const bucket = next() >>> 28;
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }
  for (const count of buckets) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

test('hashes of neighbouring names have nothing in common', () => {
  const hashes = Array.from({ length: 1000 }, (_, i) => hash32(`q${i}.leak-soak.test`));
  expect(new Set(hashes).size).toBe(1000);
  const low = hashes.filter((hash) => hash < 2 ** 31).length;
  expect(Math.abs(low - 500)).toBeLessThan(80);
});
