import type { SegmentBreak } from '../prepare/dropped.js';
import type { Reduction } from '../reduce/points.js';

/** Why a fail or a pass that the probability alone would give is withheld. */
export type Guard =
  /** Fail withheld: the end of the window is not higher than what was seen before. */
  | { readonly kind: 'no-new-high' }
  /** Fail withheld: more than half of what had accumulated was released at some time. */
  | { readonly kind: 'large-release' }
  /** Fail withheld: the last readings stay below the line that they should continue, as of a cache that is full. */
  | { readonly kind: 'levelled-off'; readonly sinceMs: number }
  /** Pass withheld: something rose shortly before the end and may be a leak that has just begun. */
  | { readonly kind: 'recent-rise'; readonly sinceMs: number }
  /** Pass withheld: the most probable curve still rises at the end, faster than the budget; a warm-up that goes on. */
  | { readonly kind: 'still-rising' }
  /** Pass withheld: it fell once, and beside that fall it may well grow by more than its budget. */
  | { readonly kind: 'grows-beside-fall' }
  /**
   * Pass withheld: only some of the readings are judged, those of one stretch or one process of several, and the
   * others say something else, or are most of the recording.
   */
  | {
      readonly kind: 'partly-judged';
      readonly judged: number;
      readonly readings: number;
      readonly because: SegmentBreak['kind'];
      /** Where the judged stretch ends, or begins when it is the last; on the recording's clock. */
      readonly atMs: number;
    }
  /** Withheld: another reduction of the same series says the opposite. */
  | { readonly kind: 'reductions-disagree'; readonly reduction: Reduction }
  /** Pass withheld: fewer readings than a pass needs. */
  | { readonly kind: 'few-samples'; readonly needed: number };
