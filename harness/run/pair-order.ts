import type { Pair } from '../core/comparison.js';

/** Which run comes next: the side, and the number of its pair, from 1. */
export interface PairedRun {
  readonly pair: number;
  readonly side: keyof Pair<unknown>;
}

/**
 * The order of the runs of several pairs on one host: A B, B A, A B … (counterbalanced). What changes slowly falls
 * on both sides alike, and what changes evenly cancels from each two pairs to the next.
 */
export function pairOrder(pairs: number): readonly PairedRun[] {
  return Array.from({ length: pairs }, (_, i): PairedRun[] => {
    const [before, after] = (['before', 'after'] as const).map((side) => ({ pair: i + 1, side }));
    return (i % 2 === 0 ? [before, after] : [after, before]) as PairedRun[];
  }).flat();
}
