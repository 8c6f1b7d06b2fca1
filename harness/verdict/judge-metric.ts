import type { Budget } from '../core/budget.js';
import { metricInfo } from '../core/metric.js';
import type { Recording, TimeWindow } from '../core/recording.js';
import type { MetricVerdict } from '../core/verdict.js';
import { assessGrowth } from '../stats/assess.js';
import type { AssessOptions } from '../stats/assessment.js';
import { growthFigures, type ReasonWords, reasonFor } from './growth-outcome.js';
import { metricLevels, metricReadings } from './readings.js';
import { resolutionOf } from './resolution.js';
import { rssDoubt, settlingPerMin } from './rss-doubt.js';
import { MIN_FAIL_SAMPLES } from './thresholds.js';
import { decides, type Say } from './who-decides.js';
import { loadedWindow, offeredPerMin } from './window.js';

const RUN_WORDS: ReasonWords = {
  subject: 'this run',
  place: 'in the judged window',
  nextMove: 'run longer or sample faster (--duration, --sample-every)',
};

/** What the run's design says about its readings. */
export interface JudgeHints
  extends Pick<AssessOptions, 'cleanupPeriodMs' | 'failProbability' | 'warmUpEndMs'> {
  /** What to do when the readings cannot tell. @default that of a run */
  readonly nextMove?: string;
}

/**
 * Growth of one metric in the judged window against its budget: a fail is allowed from 8 readings, a pass needs
 * 20, and a default RSS budget fails only where nothing speaks against it.
 */
export function judgeMetric(
  recording: Recording,
  budget: Budget,
  window: TimeWindow | null,
  say: Say,
  { nextMove = RUN_WORDS.nextMove, ...hints }: JudgeHints = {},
): MetricVerdict {
  const { metric, growthPerMin, explicit } = budget;
  const { unit, neverZero } = metricInfo(metric);
  const options: AssessOptions = { ...hints, minFailSamples: MIN_FAIL_SAMPLES };
  const series = metricReadings(recording, metric, window);
  const readings = { ...series, resolution: resolutionOf(metric, series.values), neverZero };
  const assessment = assessGrowth(readings, growthPerMin, options);
  const loaded = window === null ? null : loadedWindow(recording, window);
  const settling = metric === 'rss' && !explicit && loaded !== null ? settlingPerMin(loaded) : 0;
  const figures = growthFigures(assessment, budget, settling);
  const doubt =
    figures.verdict === 'fail' && window !== null
      ? rssDoubt(recording, window, budget, options, assessment)
      : null;
  const verdict = doubt === null ? figures.verdict : 'inconclusive';
  const reason = reasonFor(assessment, budget, figures.detectionFloorPerMin, {
    ...RUN_WORDS,
    nextMove,
  });
  const offered = window === null ? null : offeredPerMin(recording, window);
  const growth = figures.growthPerMin;
  return {
    metric,
    unit,
    budgetPerMin: growthPerMin,
    ...figures,
    verdict,
    decides: decides(say, verdict),
    growthPerOp: growth === null || offered === null ? null : growth / offered,
    levels: metricLevels(recording, metric, window),
    reason: doubt === null ? reason : `${reason}, ${doubt}`,
  };
}
