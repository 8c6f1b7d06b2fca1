import { isOpenChain, openTargets } from './alias-targets.js';
import type { Answer } from './answer.js';
import { QUESTION_TAIL_BYTES } from './wire.js';

/** Longest chain of aliases that is followed, as in seed 000's resolver. */
export const MAX_CHASE_DEPTH = 10;

/** What one query may find out about the aliases in its answer. */
export interface ChaseResults {
  /** Whether to ask for this name (in lower case, in wire form) as well. */
  mayAsk(name: string): boolean;
  add(key: string, answer: Answer): void;
  /** All that was added, in that order. */
  readonly all: readonly ChaseResult[];
}

/** The answer to one question on the way. */
export interface ChaseResult {
  readonly key: string;
  readonly answer: Answer;
}

/** The node's results: a name is asked for once, so a loop ends where it begins, and so many names at most. */
export class BoundedChaseResults implements ChaseResults {
  readonly all: ChaseResult[] = [];
  private readonly asked = new Set<string>();
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  mayAsk(name: string): boolean {
    // The name that the client asked for is known too, and counts for nothing.
    if (this.asked.size > this.limit || this.asked.has(name)) return false;
    this.asked.add(name);
    return true;
  }

  add(key: string, answer: Answer): void {
    this.asked.add(key.slice(0, -QUESTION_TAIL_BYTES));
    this.all.push({ key, answer });
  }
}

/** Asks for a name; told null when there was no answer. */
export type AskName = (name: string, onDone: (key: string, answer: Answer | null) => void) => void;

/** Follows the aliases of `first` until all ends are known or the limits reached, and then calls `onDone` once. */
export function chase(first: ChaseResult, results: ChaseResults, ask: AskName, onDone: () => void): void {
  let pending = 1;
  const settle = (): void => {
    pending -= 1;
    if (pending === 0) onDone();
  };
  const follow = ({ key, answer }: ChaseResult, depth: number): void => {
    results.add(key, answer);
    if (depth >= MAX_CHASE_DEPTH || !isOpenChain(answer)) return;
    for (const name of openTargets(key, answer)) {
      if (!results.mayAsk(name)) continue;
      pending += 1;
      ask(name, (nextKey, next) => {
        if (next !== null) follow({ key: nextKey, answer: next }, depth + 1);
        settle();
      });
    }
  };
  follow(first, 0);
  settle();
}
