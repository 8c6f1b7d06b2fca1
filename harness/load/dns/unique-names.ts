import { hash32, seededRandom } from '../../core/random.js';

/** Where a driver's question names come from; the same number gives the same name, so none is remembered. */
export interface NameSource {
  /** The name of question number `sequence` (0, 1, …), lower case, without a final dot. */
  nameOf(sequence: number): string;
}

const HALF_BITS = 20;
const HALF = 2 ** HALF_BITS;
const ROUNDS = 4;

/** Four base-36 digits hold a half of 20 bits. */
function fourDigits(half: number): string {
  return half.toString(36).padStart(4, '0');
}

/**
 * Names `q<8 digits>-<seed tag>.<zone>` that do not repeat within 2^40 questions and look random, so that no
 * table under test gets them in sorted order. The digits are a seeded permutation of the question's number:
 * a Feistel network of two 20-bit halves (Luby & Rackoff 1988; for spread, not for secrecy).
 *
 * @param zone as `normalizeZone` gives it
 */
export function uniqueNames(zone: string, seed: number): NameSource {
  const random = seededRandom(seed);
  const keys = Array.from({ length: ROUNDS }, random);
  const ending = `-${hash32(String(seed)).toString(36)}.${zone}`;
  return {
    nameOf(sequence) {
      let left = Math.floor(sequence / HALF) % HALF;
      let right = sequence % HALF;
      for (const key of keys) {
        let mixed = Math.imul(right ^ key, 0x85ebca6b);
        mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
        const next = left ^ (mixed >>> (32 - HALF_BITS));
        left = right;
        right = next;
      }
      return `q${fourDigits(left)}${fourDigits(right)}${ending}`;
    },
  };
}
