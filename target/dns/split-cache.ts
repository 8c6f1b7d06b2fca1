import type { StructureSize } from '../ops/structure.js';
import type { Answer } from './answer.js';
import type { AnswerCache, CachedAnswer } from './answer-cache.js';
import { RCODE } from './wire.js';

/**
 * Answers and negative answers (NXDOMAIN and NODATA) in a cache each, so that a flood of names that do not exist, which
 * anybody can make up, drives out other such names and not the answers that people use.
 */
export class SplitCache implements AnswerCache {
  private readonly answers: AnswerCache;
  private readonly negatives: AnswerCache;

  constructor(answers: AnswerCache, negatives: AnswerCache) {
    this.answers = answers;
    this.negatives = negatives;
  }

  lookup(key: string): CachedAnswer | null {
    return this.answers.lookup(key) ?? this.negatives.lookup(key);
  }

  store(key: string, answer: Answer): void {
    const isNegative = answer.rcode !== RCODE.noError || answer.answerCount === 0;
    (isNegative ? this.negatives : this.answers).store(key, answer);
  }

  /** Of the answers; the negative ones are listed by themselves. */
  size(): StructureSize {
    return this.answers.size();
  }

  structures(): readonly StructureSize[] {
    return [...this.answers.structures(), ...this.negatives.structures()];
  }

  close(): void {
    this.answers.close();
    this.negatives.close();
  }
}
