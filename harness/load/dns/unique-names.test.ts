import { describe, expect, it } from 'vitest';
import { encodeQuestion, TYPE } from './dns-wire.js';
import { MAX_QUESTION_BYTES } from './question-source.js';
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

  it('writes the same questions that it names', () => {
    const names = uniqueNames('a.soak.test', 11);
    const into = Buffer.alloc(MAX_QUESTION_BYTES);
    for (const sequence of [0, 1, 35, 2 ** 20 - 1, 2 ** 20, 123_456_789, 2 ** 40 - 1]) {
      const length = names.write(sequence, into, 3);
      const question = encodeQuestion(0, names.nameOf(sequence), TYPE.A);
      expect(into.subarray(3, 3 + length).equals(question)).toBe(true);
    }
  });

  it('does not come in sorted order', () => {
    const names = uniqueNames('soak.test', 3);
    const inOrder = Array.from({ length: 100 }, (_, i) => names.nameOf(i));
    expect(inOrder).not.toEqual([...inOrder].sort());
  });
});
