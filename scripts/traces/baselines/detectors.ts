/** What others gate on: one rate, one threshold, no warm-up model and no "cannot tell". */
import type { Outcome } from '../../../harness/stats/assessment.js';
import type { Levels } from '../../../harness/stats/prepare/levels.js';
import { bucketFloors } from '../../../harness/stats/reduce/floors.js';
import type { Points } from '../../../harness/stats/reduce/points.js';
import { bucketMean, timeBuckets } from '../../../harness/stats/reduce/time-buckets.js';
import { leastSquaresSlope, theilSenSlope } from './lines.js';
import { hamedRaoProbability } from './mann-kendall.js';

/** Decides from prepared levels and a budget in the same unit per ms. */
export type Baseline = (levels: Levels, rate: number) => Outcome;

/** The usual cut of a warm-up that is not known. */
const CUT_SHARE = 0.2;

/** Buckets of the rank methods, which compare every pair, and of the envelope. */
const RANK_BUCKETS = 200;
const ENVELOPE_BUCKETS = 24;

const SIGNIFICANCE = 0.05;

export const BASELINES = {
  'last-first': (levels, rate) => {
    const { elapsedMs, values } = levels;
    const rise = (values.at(-1) as number) - (values[0] as number);
    return above(rise / ((elapsedMs.at(-1) as number) - (elapsedMs[0] as number)), rate);
  },
  ols: (levels, rate) => above(leastSquaresSlope(levels), rate),
  'ols-last-half': (levels, rate) => above(leastSquaresSlope(cut(levels, 0.5)), rate),
  'theil-sen': (levels, rate) => above(theilSenSlope(buckets(cut(levels, CUT_SHARE))), rate),
  'sen-hamed-rao': (levels, rate) => {
    const points = buckets(cut(levels, CUT_SHARE));
    const slope = theilSenSlope(points);
    return slope > rate && hamedRaoProbability(points, slope) < SIGNIFICANCE ? 'fail' : 'pass';
  },
  'lower-envelope': (levels, rate) =>
    above(theilSenSlope(bucketFloors(cut(levels, CUT_SHARE), ENVELOPE_BUCKETS, 0)), rate),
} as const satisfies Record<string, Baseline>;

function above(slope: number, rate: number): Outcome {
  return slope > rate ? 'fail' : 'pass';
}

function cut(levels: Levels, share: number): Levels {
  const { elapsedMs, values, lows } = levels;
  const start = elapsedMs[0] as number;
  const from = elapsedMs.findIndex((at) => at >= start + share * ((elapsedMs.at(-1) as number) - start));
  const rest = (column: Float64Array): Float64Array => column.subarray(from);
  return { elapsedMs: rest(elapsedMs), values: rest(values), lows: rest(lows), load: null };
}

function buckets(levels: Levels): Points {
  const found = timeBuckets(levels, Math.min(RANK_BUCKETS, levels.values.length));
  const middle = (column: Float64Array): Float64Array =>
    Float64Array.from(found, (bucket) => bucketMean(column, bucket));
  return { elapsedMs: middle(levels.elapsedMs), values: middle(levels.values), load: null };
}
