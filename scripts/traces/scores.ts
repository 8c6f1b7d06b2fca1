import type { Outcome } from '../../harness/stats/assessment.js';
import type { Trace } from './generate.js';

/** How a detector's outcomes on labelled traces divide. */
export interface Score {
  readonly leaks: number;
  readonly clean: number;
  readonly failedLeaks: number;
  readonly falseFails: number;
  readonly falsePasses: number;
  readonly undecidedLeaks: number;
  readonly undecidedClean: number;
}

export interface Judged {
  readonly label: Trace['label'];
  readonly outcome: Outcome;
}

/** Counts outcomes; grey traces are not scored. */
export function scoreOf(judged: readonly Judged[]): Score {
  const count = (label: Trace['label'], outcome?: Outcome): number =>
    judged.filter((one) => one.label === label && (outcome === undefined || one.outcome === outcome)).length;
  return {
    leaks: count('leak'),
    clean: count('ok'),
    failedLeaks: count('leak', 'fail'),
    falseFails: count('ok', 'fail'),
    falsePasses: count('leak', 'pass'),
    undecidedLeaks: count('leak', 'inconclusive'),
    undecidedClean: count('ok', 'inconclusive'),
  };
}

export function precision({ failedLeaks, falseFails }: Score): number {
  return failedLeaks + falseFails === 0 ? 1 : failedLeaks / (failedLeaks + falseFails);
}

/** An undecided leak counts as missed. */
export function recall({ failedLeaks, leaks }: Score): number {
  return leaks === 0 ? 1 : failedLeaks / leaks;
}

export function f1(score: Score): number {
  const sum = precision(score) + recall(score);
  return sum === 0 ? 0 : (2 * precision(score) * recall(score)) / sum;
}

/** Wrong verdicts among those that were given. */
export function wrongShare(score: Score): number {
  const wrong = score.falseFails + score.falsePasses;
  const decided = score.leaks + score.clean - score.undecidedLeaks - score.undecidedClean;
  return decided === 0 ? 0 : wrong / decided;
}

export function undecidedShare(score: Score): number {
  const all = score.leaks + score.clean;
  return all === 0 ? 0 : (score.undecidedLeaks + score.undecidedClean) / all;
}
