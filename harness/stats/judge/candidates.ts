import { dot, mean } from '../math/vectors.js';
import { curveAt, type Estimate, type EstimateOptions, estimateGrowth } from '../model/estimate.js';
import { DECLARED, UNDECLARED } from '../model/model-set.js';
import { growthBesideFall, growthBetweenSteps } from '../model/without-steps.js';
import type { Levels } from '../prepare/levels.js';
import type { Prepared } from '../prepare/prepare.js';
import { bucketMeans } from '../reduce/bucket-means.js';
import { bucketFloors, FLOOR_BUCKETS, MIN_READINGS_PER_FLOOR } from '../reduce/floors.js';
import { groupPoints, type Points, type Reduction } from '../reduce/points.js';
import { staircaseRiser } from '../reduce/staircase.js';
import { confirmedTroughs } from '../reduce/troughs.js';

/** An estimate from one reduction of the series. */
export interface Candidate extends Estimate {
  readonly reduction: Reduction;
  /**
   * What it can show: the growth itself; that it is at least so much (steps taken out: a fail may rest on it, a
   * pass may not); or that it is at most so much (a fall taken out: a pass may rest on it, a fail may not).
   */
  readonly bound: 'both' | 'least' | 'most';
}

/** Fewest idle windows whose floors make a series. */
const MIN_IDLE_FLOORS = 4;

/** One estimate from each reduction that the series allows; empty when not even bucket means have one. */
export function candidates(prepared: Prepared, declaredWarmUp: boolean): readonly Candidate[] {
  const { levels, idleFloors } = prepared;
  const means = bucketMeans(levels);
  const options: EstimateOptions = {
    prior: declaredWarmUp ? DECLARED : UNDECLARED,
    riser: staircaseRiser(levels),
  };
  const found: Candidate[] = [];
  const consider = (reduction: Reduction, points: Points | null): void => {
    const estimate = points === null ? null : estimateGrowth(points, options);
    if (estimate !== null) found.push({ ...estimate, reduction, bound: 'both' });
  };
  consider('mean', means);
  const [first] = found;
  if (first === undefined) return [];
  const [between, beside] = [growthBetweenSteps(first, options), growthBesideFall(first, options)];
  if (between !== null) found.push({ ...between, reduction: 'mean', bound: 'least' });
  if (beside !== null) found.push({ ...beside, reduction: 'mean', bound: 'most' });
  const slope = lineSlope(means);
  for (const count of FLOOR_BUCKETS) {
    if (levels.values.length / count < MIN_READINGS_PER_FLOOR) continue;
    consider('floor', bucketFloors(levels, count, slope));
  }
  consider('trough', troughPoints(levels, means, options));
  if (idleFloors.values.length >= MIN_IDLE_FLOORS) {
    consider('ratchet', groupPoints({ ...idleFloors, load: null }));
  }
  return found;
}

/** Slope of the least-squares line through points, in resolution steps per ms. */
function lineSlope({ elapsedMs, values }: Points): number {
  const middle = mean(elapsedMs);
  const time = elapsedMs.map((at) => at - middle);
  return dot(time, values) / dot(time, time);
}

function troughPoints(levels: Levels, means: Points, options: EstimateOptions): Points | null {
  const model = estimateGrowth(means, options, false);
  if (model === null) return null;
  const { values, elapsedMs, load } = levels;
  const perLoad = load === null || means.load === null ? 0 : loadCoefficient(model, means.load);
  const residuals = values.map(
    (value, i) => value - curveAt(model.trend, elapsedMs[i] as number) - perLoad * (load?.[i] ?? 0),
  );
  return confirmedTroughs(levels, residuals);
}

/** Resolution steps per unit of relative load, by regression of what the trend leaves. */
function loadCoefficient({ points, trend }: Estimate, load: Float64Array): number {
  const rest = points.values.map((value, i) => value - curveAt(trend, points.elapsedMs[i] as number));
  const usual = mean(load);
  const deviation = load.map((value) => value - usual);
  const squares = dot(deviation, deviation);
  return squares > 0 ? dot(deviation, rest) / squares : 0;
}
