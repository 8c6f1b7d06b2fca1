import { openTargets } from './alias-targets.js';
import type { Answer } from './answer.js';

/** Longest chain of aliases that is followed, as in seed 000's resolver. */
export const MAX_CHASE_DEPTH = 10;

/** What one query may find out about the aliases in its answer. */
export interface ChaseResults {
  /** Whether to ask this question (see `Query.key`) as well. */
  mayAsk(key: string): boolean;
  add(result: ChaseResult): void;
  /** All that was added, in that order. */
  readonly all: readonly ChaseResult[];
}

/** The answer to one question on the way. */
export interface ChaseResult {
  readonly key: string;
  readonly answer: Answer;
  /** How long ago it was stored. */
  readonly ageSec: number;
}

/** The node's results: a question is asked once, so a loop ends where it begins, and so many at most. */
export class BoundedChaseResults implements ChaseResults {
  readonly all: ChaseResult[] = [];
  private readonly asked = new Set<string>();
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  mayAsk(key: string): boolean {
    // The question that the client asked is known too, and counts for nothing.
    if (this.asked.size > this.limit || this.asked.has(key)) return false;
    this.asked.add(key);
    return true;
  }

  add(result: ChaseResult): void {
    this.asked.add(result.key);
    this.all.push(result);
  }
}

/** Asks a question; told null when there was no answer. */
export type AskKey = (key: string, onDone: (result: ChaseResult | null) => void) => void;

/** Follows the aliases of `first`, and the targets of its SRV records, until all ends are known or the limits reached, and then calls `onDone` once. */
export function chase(first: ChaseResult, results: ChaseResults, ask: AskKey, onDone: () => void): void {
  let pending = 1;
  const settle = (): void => {
    pending -= 1;
    if (pending === 0) onDone();
  };
  const follow = (result: ChaseResult, depth: number): void => {
    results.add(result);
    if (depth >= MAX_CHASE_DEPTH) return;
    for (const target of openTargets(result.key, result.answer)) {
      if (!results.mayAsk(target)) continue;
      pending += 1;
      ask(target, (next) => {
        if (next !== null) follow(next, depth + 1);
        settle();
      });
    }
  };
  follow(first, 0);
  settle();
}
