import type { Budget } from '../core/budget.js';
import { metricInfo } from '../core/metric.js';
import { formatDuration, formatGrowthWithInterval, formatRate } from '../core/units.js';
import type { GrowthFit, MetricVerdict } from '../core/verdict.js';
import type { Assessment, MeasuredGrowth, UnmeasuredGrowth } from '../stats/assessment.js';
import type { Guard } from '../stats/judge/guards.js';
import type { SegmentBreak } from '../stats/prepare/dropped.js';
import { detectionFloor } from './detection-floor.js';
import { metricSays } from './metric-label.js';
import { MIN_PASS_SAMPLES } from './thresholds.js';

/** What a reason says of where the readings come from. */
export interface ReasonWords {
  /** What could have seen a leak: `this run`. */
  readonly subject: string;
  /** Where the readings were counted: `in the judged window`. */
  readonly place: string;
  /** What to do when it cannot tell. */
  readonly nextMove: string;
}

/** The part of a metric's verdict that the trend engine answers for. */
export type GrowthFigures = Pick<
  MetricVerdict,
  | 'verdict'
  | 'growthPerMin'
  | 'halfWidthPerMin'
  | 'pExceeds'
  | 'detectionFloorPerMin'
  | 'samples'
  | 'windowMs'
  | 'fit'
>;

/** Figures of an assessment; `leastFloor` is a floor below which nothing shows, whatever the noise. */
export function growthFigures(assessment: Assessment, budget: Budget, leastFloor = 0): GrowthFigures {
  const { samples, windowMs } = assessment;
  if (assessment.state === 'unmeasured') {
    return {
      verdict: 'inconclusive',
      growthPerMin: null,
      halfWidthPerMin: null,
      pExceeds: null,
      detectionFloorPerMin: null,
      samples,
      windowMs,
      fit: null,
    };
  }
  const minutes = windowMs === null ? 0 : (windowMs[1] - windowMs[0]) / 60_000;
  const { resolution } = metricInfo(budget.metric);
  const floor = detectionFloor(budget.growthPerMin, assessment.sePerMin, resolution, minutes);
  return {
    verdict: assessment.outcome,
    growthPerMin: assessment.growthPerMin,
    halfWidthPerMin: assessment.halfWidthPerMin,
    pExceeds: assessment.pExceeds,
    detectionFloorPerMin: Math.max(leastFloor, floor),
    samples,
    windowMs,
    fit: fitOf(assessment),
  };
}

function fitOf({ reduction, model, sinceMs, guards }: MeasuredGrowth): GrowthFit {
  return { reduction, model, sinceMs, guards: guards.map(({ kind }) => kind) };
}

/** An assessment in one sentence, with its figures. */
export function reasonFor(
  assessment: Assessment,
  budget: Budget,
  floorPerMin: number | null,
  words: ReasonWords,
): string {
  const { metric, growthPerMin } = budget;
  if (assessment.state === 'unmeasured') return unmeasuredReason(assessment, budget, words);
  const { unit } = metricInfo(metric);
  const { growthPerMin: slope, halfWidthPerMin, sinceMs, outcome, guards } = assessment;
  const since = sinceMs === null ? '' : ` since ${formatDuration(sinceMs)}`;
  const growth = `${formatGrowthWithInterval(slope, halfWidthPerMin, unit, growthPerMin)}${since}`;
  const limit = `budget ${formatRate(growthPerMin, unit)}`;
  const sight = `${words.subject} could see ≥ ${formatRate(floorPerMin ?? growthPerMin, unit)}`;
  const figures = `${growth}, ${limit} (${sight})`;
  if (outcome === 'fail') return `${metricSays(metric, 'rises', 'rise')} ${figures}`;
  if (outcome === 'pass') return `${movement(budget, slope, halfWidthPerMin)} ${figures}`;
  const [guard] = guards;
  if (guard !== undefined) {
    return `${metricSays(metric, 'grew', 'grew')} ${growth}, ${limit}, but ${guardReason(guard, assessment.samples, words)}`;
  }
  return `${metricSays(metric, 'grows', 'grow')} ${growth}, too uncertain for its ${limit} (${sight}): ${words.nextMove}`;
}

/** Why no growth could be estimated, in one sentence. */
export function unmeasuredReason(
  { reason, samples, dropped }: UnmeasuredGrowth,
  { metric }: Budget,
  words: ReasonWords,
): string {
  const has = metricSays(metric, 'has', 'have');
  if (samples === 0 && dropped.some(({ kind }) => kind === 'not-under-load')) {
    return `${has} no reading that was taken under load: ${words.nextMove}`;
  }
  switch (reason.kind) {
    case 'too-few-samples':
      return `${has} ${tooFewReadings(reason.samples, words)}`;
    case 'within-warm-up':
      if (samples > 0) return `${has} ${tooFewReadings(samples, words)}`;
      return `${has} no reading after its warm-up: ${words.nextMove}`;
    case 'too-few-cleanups':
      return `${has} ${(Math.floor(10 * reason.periods) / 10).toFixed(1)} clean-up periods of readings; a verdict needs ${reason.needed}: ${words.nextMove}`;
    case 'no-time-span':
      return `${has} readings of one moment only: ${words.nextMove}`;
    case 'load-follows-time':
      return `${has} readings whose load changed along with time, so growth cannot be told from load: keep the rate constant`;
  }
}

function guardReason(guard: Guard, samples: number, words: ReasonWords): string {
  switch (guard.kind) {
    case 'no-new-high':
      return `it ended no higher than before: ${words.nextMove}`;
    case 'large-release':
      return `more than half of it was released at some time: ${words.nextMove}`;
    case 'levelled-off':
      return `it levelled off since ${formatDuration(guard.sinceMs)}: ${words.nextMove}`;
    case 'recent-rise':
      return `it rose shortly before the end (since ${formatDuration(guard.sinceMs)}): ${words.nextMove}`;
    case 'still-rising':
      return `it was still rising at the end, as of a warm-up that goes on: ${words.nextMove}`;
    case 'grows-beside-fall':
      return `one release hides how it grows: ${words.nextMove}`;
    case 'reductions-disagree':
      return `its ${guard.reduction} says the opposite: ${words.nextMove}`;
    case 'partly-judged':
      return partlyJudgedReason(guard);
    case 'few-samples':
      return `with ${tooFewReadings(samples, words)}`;
  }
}

/** What separates the judged readings from the others. */
const BREAKS: Readonly<Record<SegmentBreak['kind'], string>> = {
  gap: 'because of a gap between them and the others',
  'clock-stepped-back': 'because the clock was set back',
  restart: 'because its process was restarted',
};

function partlyJudgedReason({ judged, readings, because, atMs }: Guard & { kind: 'partly-judged' }): string {
  const next = because === 'restart' ? 'find out why it ends' : 'judge the other part by itself';
  return `only ${judged} of ${readings} readings are judged, ${BREAKS[because]} (at ${formatDuration(atMs)}): ${next}`;
}

/** How a metric within its budget moved: its interval decides whether that can be called flat. */
function movement({ metric }: Budget, slope: number, halfWidth: number): string {
  if (Math.abs(slope) <= halfWidth || slope === 0) return `${metricSays(metric, 'is', 'are')} flat:`;
  if (slope < 0) return `${metricSays(metric, 'falls', 'fall')}:`;
  return `${metricSays(metric, 'rises', 'rise')} within its budget:`;
}

/** `only 6 readings in the judged window; a pass needs 20: …` */
export function tooFewReadings(samples: number, { place, nextMove }: ReasonWords): string {
  const read = samples === 0 ? 'no reading' : `only ${samples} reading${samples === 1 ? '' : 's'}`;
  return `${read} ${place}; a pass needs ${MIN_PASS_SAMPLES}: ${nextMove}`;
}
