import { hash32, seededRandom } from '../../core/random.js';
import { encodeQuestion, HEADER_BYTES, TYPE } from './dns-wire.js';
import type { QuestionSource } from './question-source.js';

const HALF_BITS = 20;
const HALF = 2 ** HALF_BITS;
const ROUNDS = 4;

/** Two digits at a time. */
const PAIR = 36 ** 2;
const PAIR_DIGITS = Uint8Array.from({ length: 2 * PAIR }, (_, i) => {
  const digits = Math.floor(i / 2)
    .toString(36)
    .padStart(2, '0');
  return digits.charCodeAt(i % 2);
});

/** Where the digits stand in a question: behind the header, a length byte and the "q". */
const DIGITS_AT = HEADER_BYTES + 2;

/** Four base-36 digits hold a half of 20 bits. */
function fourDigits(half: number): string {
  return half.toString(36).padStart(4, '0');
}

function writePair(pair: number, into: Uint8Array, at: number): void {
  into[at] = PAIR_DIGITS[2 * pair] as number;
  into[at + 1] = PAIR_DIGITS[2 * pair + 1] as number;
}

function writeFourDigits(half: number, into: Uint8Array, at: number): void {
  const high = (half / PAIR) | 0;
  writePair(high, into, at);
  writePair(half - high * PAIR, into, at + 2);
}

/**
 * A-questions for names `q<8 digits>-<seed tag>.<zone>` that do not repeat within 2^40 questions and look random,
 * so that no table under test gets them in sorted order. The digits are a seeded permutation of the question's
 * number: a Feistel network of two 20-bit halves (Luby & Rackoff 1988; for spread, not for secrecy). Only they are
 * written anew for each question; the rest is copied.
 *
 * @param zone as `normalizeZone` gives it
 */
export function uniqueNames(zone: string, seed: number): QuestionSource {
  const random = seededRandom(seed);
  const keys = Array.from({ length: ROUNDS }, random);
  const ending = `-${hash32(String(seed)).toString(36)}.${zone}`;
  const template = new Uint8Array(encodeQuestion(0, `q00000000${ending}`, TYPE.A));
  let left = 0;
  let right = 0;

  const permute = (sequence: number): void => {
    left = Math.floor(sequence / HALF) % HALF;
    right = sequence % HALF;
    for (let round = 0; round < ROUNDS; round++) {
      let mixed = Math.imul(right ^ (keys[round] as number), 0x85ebca6b);
      mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
      const next = left ^ (mixed >>> (32 - HALF_BITS));
      left = right;
      right = next;
    }
  };

  return {
    write(sequence, into, at) {
      permute(sequence);
      into.set(template, at);
      writeFourDigits(left, into, at + DIGITS_AT);
      writeFourDigits(right, into, at + DIGITS_AT + 4);
      return template.length;
    },
    nameOf(sequence) {
      permute(sequence);
      return `q${fourDigits(left)}${fourDigits(right)}${ending}`;
    },
    typeOf: () => TYPE.A,
  };
}
