import type { Budget } from '../core/budget.js';
import type { ComparedSide } from '../core/comparison.js';
import { metricInfo } from '../core/metric.js';
import type { Recording, TimeWindow } from '../core/recording.js';
import { assessGrowth } from '../stats/assess.js';
import type { MeasuredGrowth, UnmeasuredGrowth } from '../stats/assessment.js';
import { type Estimate, halfWidthOf, meanEstimate, type NonEmpty } from '../stats/difference.js';
import { type Level, levelOf } from '../stats/level.js';
import { studentQuantile } from '../stats/math/student-t.js';
import { metricLevels, metricReadings } from './readings.js';
import { resolutionOf } from './resolution.js';
import { MIN_FAIL_SAMPLES } from './thresholds.js';

/** A recording, the part of it that is judged, and what its plan says of clean-ups. */
export interface JudgedRecording {
  readonly recording: Recording;
  readonly window: TimeWindow | null;
  readonly cleanupPeriodMs: number | null;
}

/** One metric of one run, as far as it can be compared. */
export interface MeasuredRun {
  readonly growth: GrowthEstimate | null;
  /** Why there is no growth; null when there is. */
  readonly unmeasured: UnmeasuredGrowth | null;
  readonly level: Level | null;
  readonly peak: number | null;
  readonly samples: number;
}

/** Growth per minute, the minutes it was seen over, and whether guards object to it. */
export interface GrowthEstimate extends Estimate {
  readonly minutes: number;
  readonly guarded: boolean;
}

/** Growth, level and peak of one metric in one run; the level is that under load. */
export function measureRun(judged: JudgedRecording, { metric, growthPerMin }: Budget): MeasuredRun {
  const { recording, window, cleanupPeriodMs } = judged;
  const readings = metricReadings(recording, metric, window);
  const resolution = resolutionOf(metric, readings.values);
  const { neverZero } = metricInfo(metric);
  const assessment = assessGrowth({ ...readings, resolution, neverZero }, growthPerMin, {
    minFailSamples: MIN_FAIL_SAMPLES,
    ...(cleanupPeriodMs === null ? {} : { cleanupPeriodMs }),
  });
  const loaded = (_: number, i: number): boolean => readings.load[i] !== 0;
  return {
    growth: assessment.state === 'measured' ? growthOf(assessment) : null,
    unmeasured: assessment.state === 'unmeasured' ? assessment : null,
    level: levelOf(readings.elapsedMs.filter(loaded), readings.values.filter(loaded), resolution),
    peak: metricLevels(recording, metric, window)?.peak ?? null,
    samples: assessment.samples,
  };
}

/** The runs of one side as a reader sees them: means, with what the runs differ by in their intervals. */
export function sideOf(runs: readonly MeasuredRun[]): ComparedSide {
  const growth = meanOf(runs.flatMap((run) => run.growth ?? []));
  const level = meanOf(runs.flatMap((run) => run.level ?? []));
  const peaks = runs.flatMap((run) => run.peak ?? []);
  return {
    growthPerMin: growth?.value ?? null,
    halfWidthPerMin: growth === null ? null : halfWidthOf(growth),
    level: level?.value ?? null,
    levelHalfWidth: level === null ? null : halfWidthOf(level),
    peak: peaks.length === 0 ? null : peaks.reduce((total, peak) => total + peak, 0) / peaks.length,
    samples: Math.min(...runs.map(({ samples }) => samples)),
  };
}

/** The mean of estimates; null when there are none. */
export function meanOf(estimates: readonly Estimate[]): Estimate | null {
  return isNonEmpty(estimates) ? meanEstimate(estimates) : null;
}

function isNonEmpty<Item>(items: readonly Item[]): items is NonEmpty<Item> {
  return items.length > 0;
}

/** The trend engine's interval as an estimate of the same half-width. */
function growthOf(measured: MeasuredGrowth): GrowthEstimate {
  const { growthPerMin, halfWidthPerMin, degreesOfFreedom, windowMs, guards } = measured;
  return {
    value: growthPerMin,
    se: halfWidthPerMin / studentQuantile(0.95, degreesOfFreedom),
    degreesOfFreedom,
    minutes: windowMs === null ? 0 : (windowMs[1] - windowMs[0]) / 60_000,
    // That readings are few is allowed for by whoever counts them.
    guarded: guards.some(({ kind }) => kind !== 'few-samples'),
  };
}
