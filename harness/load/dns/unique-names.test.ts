import { describe, expect, it } from 'vitest';
import { uniqueNames } from './unique-names.js';

describe('unique names', () => {
  it('gives the same names for the same seed and others for another', () => {
    const name = uniqueNames('soak.test', 1).nameOf(5);
    expect(uniqueNames('soak.test', 1).nameOf(5)).toBe(name);
    expect(uniqueNames('soak.test', 2).nameOf(5)).not.toBe(name);
    expect(name).toMatch(/^q[0-9a-z]{8}-[0-9a-z]{1,7}\.soak\.test$/);
  });

  it('does not repeat within 300 000 questions, nor across the border of its halves', () => {
    const names = uniqueNames('soak.test', 3);
    const borders = [2 ** 20, 2 ** 32, 2 ** 40].flatMap((at) => [at - 2, at - 1]);
    const sequences = [...Array.from({ length: 300_000 }, (_, i) => i), ...borders];
    expect(new Set(sequences.map((i) => names.nameOf(i))).size).toBe(sequences.length);
  });

  it('does not come in sorted order', () => {
    const names = uniqueNames('soak.test', 3);
    const inOrder = Array.from({ length: 100 }, (_, i) => names.nameOf(i));
    expect(inOrder).not.toEqual([...inOrder].sort());
  });
});
