import type { ChaseResult, ChaseResults } from './chase.js';

/**
 * The results of seed 000's resolver: every alias of every answer is followed, a loop as well, so that a zone in which
 * each name has several aliases makes one query ask, and keep, breadth to the power of depth answers.
 */
export class UnboundedChaseResults implements ChaseResults {
  readonly all: ChaseResult[] = [];

  mayAsk(): boolean {
    return true;
  }

  add(result: ChaseResult): void {
    this.all.push(result);
  }
}
