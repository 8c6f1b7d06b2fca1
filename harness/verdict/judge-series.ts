/**
 * The verdict on one series of readings that no run of ours stands behind: nobody knows its phases, so the
 * caller says how long it warmed up.
 */
import type { Budget } from '../core/budget.js';
import type { ForeignSeries } from '../core/foreign-recording.js';
import { isGauge } from '../core/gauge.js';
import { inMetricOrder, type MetricName, metricInfo } from '../core/metric.js';
import type { MetricLevels, MetricVerdict } from '../core/verdict.js';
import { assessGrowth } from '../stats/assess.js';
import type { AssessOptions, GrowthReadings } from '../stats/assessment.js';
import type { Dropped } from '../stats/prepare/dropped.js';
import { growthFigures, type ReasonWords, reasonFor } from './growth-outcome.js';
import { metricSays } from './metric-label.js';
import { zeroReadings } from './zero-readings.js';

const MIB = 2 ** 20;

/** Growth per minute that is accepted of a target nobody told us about. */
const FOREIGN_BUDGETS: Partial<Record<MetricName, number>> = {
  'live-heap': MIB,
  external: MIB,
  fds: 1,
  threads: 1,
  rss: 2 * MIB,
};

const WORDS: ReasonWords = {
  subject: 'this recording',
  place: 'left to judge',
  nextMove: 'record longer or sample more often',
};

/** What the caller knows of a recording. */
export interface SeriesOptions {
  /** When the judged stretch of the recording begins, in milliseconds of its clock. */
  readonly startMs: number;
  /** Left out from there. */
  readonly warmUpMs: number;
  /** How often the target empties what it keeps; null when nothing is known of that. */
  readonly cleanupPeriodMs: number | null;
  /** Why the readings may not stand for the whole recording: with any of them nothing passes. */
  readonly doubts: readonly string[];
}

/**
 * The budgets that a foreign recording is judged by: the user's, of several for a metric the last, over the
 * defaults. A default says nothing of a metric that is not among `recorded`.
 */
export function foreignBudgets(explicit: readonly Budget[], recorded: readonly MetricName[]): Budget[] {
  const defaults = recorded.flatMap((metric): Budget[] => {
    const growthPerMin = FOREIGN_BUDGETS[metric];
    return growthPerMin === undefined ? [] : [{ metric, growthPerMin, explicit: false }];
  });
  return inMetricOrder(new Map([...defaults, ...explicit].map((budget) => [budget.metric, budget])));
}

/** A series judged, and what its verdict must be read with. */
export interface JudgedSeries {
  readonly verdict: MetricVerdict;
  readonly notes: readonly string[];
}

/** Growth of one series against its budget, by the rules of a run; below 20 readings it never decides. */
export function judgeSeries(input: ForeignSeries, budget: Budget, options: SeriesOptions): JudgedSeries {
  const assessment = assessGrowth(readingsOf(input, options), budget.growthPerMin, hintsOf(options));
  const figures = growthFigures(assessment, budget);
  // Samplers write zeros where they could not read; a target means them.
  const silent =
    !isGauge(input.metric) && input.values.length > 0 && input.values.every((value) => value === 0);
  const zeros = zeroReadings(input);
  const doubts = [...options.doubts, ...(zeros?.doubtful ? [zeros.message] : [])];
  const doubt = figures.verdict === 'pass' ? (doubts[0] ?? null) : null;
  const reason = reasonFor(assessment, budget, figures.detectionFloorPerMin, WORDS);
  const verdict: MetricVerdict = {
    metric: budget.metric,
    unit: metricInfo(budget.metric).unit,
    decides: true,
    budgetPerMin: budget.growthPerMin,
    ...figures,
    verdict: silent || doubt !== null ? 'inconclusive' : figures.verdict,
    growthPerOp: null,
    levels: levelsOf(input, figures.windowMs),
    reason: silent
      ? `${metricSays(input.metric, 'reads', 'read')} 0 in every row, which is no reading`
      : doubt === null
        ? reason
        : `${reason}, but ${doubt}: it may not stand for the whole recording`,
  };
  const notes = [...(zeros === null ? [] : [zeros.message]), ...faultNotes(assessment.dropped, input.metric)];
  return { verdict, notes: notes.filter((note) => note !== doubt) };
}

function faultNotes(dropped: readonly Dropped[], metric: MetricName): string[] {
  return dropped.flatMap(({ kind, readings }) => {
    return kind === 'sampler-fault'
      ? [`${metric}: left out as faults of the sampler: ${readings} readings far below their neighbours`]
      : [];
  });
}

/** The judged stretch of a recording, with the file's own resolution. */
function readingsOf(series: ForeignSeries, { startMs }: SeriesOptions): GrowthReadings {
  const found = series.elapsedMs.findIndex((at) => at >= startMs);
  const from = found < 0 ? series.elapsedMs.length : found;
  return {
    elapsedMs: series.elapsedMs.slice(from),
    values: series.values.slice(from),
    resolution: series.resolution,
    neverZero: metricInfo(series.metric).neverZero,
    ...(series.load === null ? {} : { load: series.load.slice(from) }),
  };
}

function hintsOf({ startMs, warmUpMs, cleanupPeriodMs }: SeriesOptions): AssessOptions {
  return {
    ...(warmUpMs > 0 ? { warmUpEndMs: startMs + warmUpMs } : {}),
    ...(cleanupPeriodMs === null ? {} : { cleanupPeriodMs }),
  };
}

function levelsOf(
  { metric, elapsedMs, values }: ForeignSeries,
  window: MetricVerdict['windowMs'],
): MetricLevels | null {
  const { neverZero } = metricInfo(metric);
  const read = values.filter((value) => value > 0 || !neverZero);
  const [baseline, last] = [read[0], read.at(-1)];
  if (baseline === undefined || last === undefined) return null;
  const first = values.findIndex((value, i) => {
    return window !== null && (elapsedMs[i] as number) >= window[0] && (value > 0 || !neverZero);
  });
  return {
    baseline,
    afterWarmUp: values[first] ?? null,
    peak: read.reduce((peak, value) => Math.max(peak, value), baseline),
    finalIncrease: last - baseline,
  };
}
