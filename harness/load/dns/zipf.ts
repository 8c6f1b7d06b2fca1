import type { QuestionSource } from './question-source.js';

/** 2^-32, to make a part of one of a 32-bit number. */
const UNIT = 2 ** -32;

/**
 * Asks the first `count` questions of a source with the frequencies of Zipf's law: the k-th one with a weight of
 * 1 / k^exponent. Which one question number `sequence` is follows from the number and the seed alone, by the alias
 * method (Walker 1977, tables as by Vose 1991): two looks into tables of 12 bytes a name, however many there are.
 */
export function zipf(source: QuestionSource, count: number, exponent: number, seed: number): QuestionSource {
  const { keep, alias } = aliasTables(count, exponent);
  const rankOf = (sequence: number): number => {
    const column = Math.floor(mix(sequence, seed) * UNIT * count);
    return mix(sequence, ~seed) * UNIT < (keep[column] as number) ? column : (alias[column] as number);
  };
  return {
    write: (sequence, into, at) => source.write(rankOf(sequence), into, at),
    nameOf: (sequence) => source.nameOf(rankOf(sequence)),
    typeOf: (sequence) => source.typeOf(rankOf(sequence)),
  };
}

/** A 32-bit number that looks random: the finalizer of murmur3 over both halves of the number. */
function mix(sequence: number, seed: number): number {
  let h = Math.imul(Math.floor(sequence * UNIT) ^ seed, 0x9e3779b1) ^ (sequence | 0);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35) ^ seed;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  return (h ^ (h >>> 15)) >>> 0;
}

/** A column keeps itself with probability `keep`, and gives its alias else; both have weights of 1 on average. */
function aliasTables(count: number, exponent: number): { keep: Float64Array; alias: Uint32Array } {
  const weights = Float64Array.from({ length: count }, (_, i) => (i + 1) ** -exponent);
  const scale = count / weights.reduce((sum, weight) => sum + weight, 0);
  const keep = weights.map((weight) => weight * scale);
  const alias = new Uint32Array(count);
  const small: number[] = [];
  const large: number[] = [];
  for (const [column, weight] of keep.entries()) (weight < 1 ? small : large).push(column);
  while (small.length > 0 && large.length > 0) {
    const filled = small.pop() as number;
    const giver = large.pop() as number;
    alias[filled] = giver;
    const left = (keep[giver] as number) - (1 - (keep[filled] as number));
    keep[giver] = left;
    (left < 1 ? small : large).push(giver);
  }
  // What is left over is 1 but for rounding.
  for (const column of [...small, ...large]) keep[column] = 1;
  return { keep, alias };
}
