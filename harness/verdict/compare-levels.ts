import type { LevelChange, Pair } from '../core/comparison.js';
import { differenceOf, halfWidthOf } from '../stats/difference.js';
import { type MeasuredRun, meanOf } from './compare-side.js';

/** What a comparison says of levels and peaks. */
export interface ComparedLevels {
  readonly levelChange: LevelChange | null;
  readonly levelEffectSize: number | null;
  readonly peakChange: LevelChange | null;
  /** Standard deviation of the readings around their trend, pooled over all runs; null without readings. */
  readonly noise: number | null;
}

/** Levels and peaks of the pairs in which both sides have one. */
export function compareLevels(pairs: readonly Pair<MeasuredRun>[]): ComparedLevels {
  const noise = pooledNoise(pairs);
  const levelChange = levelChangeOf(pairs);
  return {
    levelChange,
    levelEffectSize: levelChange === null || noise === null ? null : levelChange.difference / noise,
    peakChange: peakChangeOf(pairs),
    noise,
  };
}

/** Root mean square of the runs' noise: all have about as many readings. */
function pooledNoise(pairs: readonly Pair<MeasuredRun>[]): number | null {
  const squares = pairs
    .flatMap(({ before, after }) => [before.level, after.level])
    .flatMap((level) => (level === null ? [] : level.noise ** 2));
  if (squares.length === 0) return null;
  return Math.sqrt(squares.reduce((total, square) => total + square, 0) / squares.length);
}

function levelChangeOf(pairs: readonly Pair<MeasuredRun>[]): LevelChange | null {
  const levels = pairs.flatMap(({ before, after }) =>
    before.level === null || after.level === null ? [] : { before: before.level, after: after.level },
  );
  const difference = meanOf(levels.map(({ before, after }) => differenceOf(before, after)));
  const base = meanOf(levels.map(({ before }) => before));
  if (difference === null || base === null) return null;
  return {
    difference: difference.value,
    halfWidth: halfWidthOf(difference),
    percent: percentOf(difference.value, base.value),
  };
}

/** A run has one peak, whose certainty only other runs can tell: the paired t-test on the pairs' differences. */
function peakChangeOf(pairs: readonly Pair<MeasuredRun>[]): LevelChange | null {
  const exact = (value: number) => ({ value, se: 0, degreesOfFreedom: 1 });
  const peaks = pairs.flatMap(({ before, after }) =>
    before.peak === null || after.peak === null
      ? []
      : { before: exact(before.peak), after: exact(after.peak) },
  );
  const difference = meanOf(peaks.map(({ before, after }) => differenceOf(before, after)));
  const base = meanOf(peaks.map(({ before }) => before));
  if (difference === null || base === null) return null;
  return {
    difference: difference.value,
    halfWidth: peaks.length === 1 ? null : halfWidthOf(difference),
    percent: percentOf(difference.value, base.value),
  };
}

function percentOf(difference: number, base: number): number | null {
  return base === 0 ? null : (100 * difference) / base;
}
