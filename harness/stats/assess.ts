/**
 * The trend engine: does a metric grow faster than its budget at the end of the readings, and how sure is that?
 *
 * Readings are prepared (one process, one clock, loaded time, no sampler faults), reduced in several ways (bucket
 * means, bucket floors, confirmed troughs, idle floors), and each reduction's terminal slope is averaged over
 * about a thousand models of warm-up, steps and knees. The reduction with the narrowest interval decides, and
 * guards turn what could mislead into `inconclusive`. A pass or fail holds for the observed window and load.
 */
import type { Assessment, AssessOptions, GrowthReadings, MeasuredGrowth, Unmeasured } from './assessment.js';
import { candidates } from './judge/candidates.js';
import type { Guard } from './judge/guards.js';
import { partlyJudged } from './judge/partly-judged.js';
import { type Judgement, judge } from './judge/verdict.js';
import type { LoadClock } from './prepare/load-clock.js';
import { type Prepared, prepare } from './prepare/prepare.js';
import { spanMs } from './reduce/points.js';

/** A pass claims that nothing was missed, so it needs this many readings; a fail may be allowed with fewer. */
export const MIN_PASS_SAMPLES = 20;

/** Below this many readings nothing is estimated, whatever the caller allows. */
export const MIN_ESTIMATE_SAMPLES = 8;

/** A declared clean-up must be seen this often before what remains after it means anything. */
export const MIN_CLEANUPS = 3;

const MS_PER_MIN = 60_000;

/**
 * Judges readings against a budget in units per minute.
 *
 * @throws RangeError when the budget or the resolution is not a positive finite number.
 */
export function assessGrowth(
  input: GrowthReadings,
  budgetPerMin: number,
  options: AssessOptions = {},
): Assessment {
  requirePositive('budget', budgetPerMin);
  requirePositive('resolution', input.resolution);
  const prepared = prepare(input, options.warmUpEndMs ?? Number.NEGATIVE_INFINITY);
  const { samples, windowMs, dropped } = prepared;
  const common = { samples, windowMs, dropped };
  const unmeasured = (reason: Unmeasured): Assessment => {
    return { state: 'unmeasured', outcome: 'inconclusive', reason, ...common };
  };
  const reason = tooLittle(prepared, options);
  if (reason !== null) return unmeasured(reason);
  const [mean, ...others] = candidates(prepared, options.warmUpEndMs !== undefined);
  if (mean === undefined) {
    return unmeasured({ kind: prepared.levels.load === null ? 'no-time-span' : 'load-follows-time' });
  }
  const judgement = judge([mean, ...others], {
    rate: budgetPerMin / input.resolution / MS_PER_MIN,
    failProbability: options.failProbability ?? 0.95,
    passProbability: options.passProbability ?? 0.05,
  });
  const found = measured(judgement, prepared, input.resolution * MS_PER_MIN);
  const partly =
    found.outcome === 'pass'
      ? partlyJudged(prepared, (stretch) => assessGrowth(stretch, budgetPerMin, options).outcome)
      : null;
  if (partly === null) return { ...common, ...found };
  return { ...common, ...found, outcome: 'inconclusive', guards: [...found.guards, partly] };
}

function requirePositive(name: string, value: number): void {
  if (!Number.isFinite(value) || value <= 0) {
    throw new RangeError(`${name} must be a positive number, not ${value}`);
  }
}

function tooLittle(
  { levels, samples, windowMs, dropped }: Prepared,
  options: AssessOptions,
): Unmeasured | null {
  const { warmUpEndMs, cleanupPeriodMs } = options;
  const needed = Math.max(MIN_ESTIMATE_SAMPLES, options.minFailSamples ?? MIN_PASS_SAMPLES);
  if (samples < needed) {
    const cut = dropped.some(({ kind }) => kind === 'warm-up');
    return cut && warmUpEndMs !== undefined
      ? { kind: 'within-warm-up', warmUpEndMs }
      : { kind: 'too-few-samples', samples, needed };
  }
  if (windowMs === null || !(spanMs(levels) > 0)) return { kind: 'no-time-span' };
  const periods =
    cleanupPeriodMs === undefined ? MIN_CLEANUPS : (windowMs[1] - windowMs[0]) / cleanupPeriodMs;
  return periods < MIN_CLEANUPS ? { kind: 'too-few-cleanups', periods, needed: MIN_CLEANUPS } : null;
}

function measured(
  { outcome, pExceeds, decided, guards }: Judgement,
  { samples, clock }: Prepared,
  perMin: number,
): Omit<MeasuredGrowth, 'samples' | 'windowMs' | 'dropped'> {
  const { posterior, points, trend } = decided;
  const few: readonly Guard[] =
    outcome === 'pass' && samples < MIN_PASS_SAMPLES
      ? [{ kind: 'few-samples', needed: MIN_PASS_SAMPLES }]
      : [];
  const knees = trend.atoms.filter(({ atom }) => atom.kind === 'hinge').map(({ atom }) => atom.parameter);
  return {
    state: 'measured',
    outcome: few.length > 0 ? 'inconclusive' : outcome,
    pExceeds,
    growthPerMin: posterior.slope * perMin,
    halfWidthPerMin: posterior.halfWidth * perMin,
    sePerMin: posterior.sd * perMin,
    degreesOfFreedom: posterior.degreesOfFreedom,
    correlation: decided.correlation,
    reduction: decided.reduction,
    points: points.values.length,
    model: decided.model,
    sinceMs: knees.length > 0 ? clock.recordedMs(trend.startMs + Math.max(...knees) * trend.spanMs) : null,
    guards: [...guards.map((guard) => onClock(guard, clock)), ...few],
  };
}

/** A guard with its times on the recording's clock. */
function onClock(guard: Guard, clock: LoadClock): Guard {
  return guard.kind === 'recent-rise' || guard.kind === 'levelled-off'
    ? { ...guard, sinceMs: clock.recordedMs(guard.sinceMs) }
    : guard;
}
