import { expect, test } from 'vitest';
import type { Budget } from '../core/budget.js';
import type { Assessment, MeasuredGrowth, Unmeasured } from '../stats/assessment.js';
import type { Guard } from '../stats/judge/guards.js';
import { MIB } from './fixtures/recording-builder.js';
import { growthFigures, type ReasonWords, reasonFor } from './growth-outcome.js';

const BUDGET: Budget = { metric: 'live-heap', growthPerMin: MIB, explicit: false };
const WORDS: ReasonWords = { subject: 'this run', place: 'in the window', nextMove: 'run longer' };

const LEAK: MeasuredGrowth = {
  state: 'measured',
  outcome: 'fail',
  samples: 45,
  windowMs: [10_000, 54_000],
  dropped: [],
  pExceeds: 0.999,
  growthPerMin: 7.9 * MIB,
  halfWidthPerMin: 0.25 * MIB,
  sePerMin: 0.15 * MIB,
  degreesOfFreedom: 40,
  correlation: 0,
  reduction: 'floor',
  points: 24,
  model: 'linear',
  sinceMs: null,
  guards: [],
};

const reason = (assessment: Assessment, floorPerMin: number | null = 1.5 * MIB): string =>
  reasonFor(assessment, BUDGET, floorPerMin, WORDS);

test('a fail says how much, since when, against what, and what could have been seen', () => {
  expect(reason(LEAK)).toBe(
    'live heap rises 7.9 ± 0.25 MiB/min, budget 1 MiB/min (this run could see ≥ 1.5 MiB/min)',
  );
  expect(reason({ ...LEAK, sinceMs: 12_000 })).toBe(
    'live heap rises 7.9 ± 0.25 MiB/min since 12 s, budget 1 MiB/min (this run could see ≥ 1.5 MiB/min)',
  );
});

test.each([
  [0.1, 'is flat:'],
  [-3, 'falls:'],
  [0.6, 'rises within its budget:'],
])('a pass at %f MiB/min %s', (growth, words) => {
  const text = reason({ ...LEAK, outcome: 'pass', growthPerMin: growth * MIB });
  expect(text.startsWith(`live heap ${words} ${growth} ± 0.25 MiB/min, budget`)).toBe(true);
});

test('no certainty either way asks for more', () => {
  expect(reason({ ...LEAK, outcome: 'inconclusive', pExceeds: 0.5 })).toBe(
    'live heap grows 7.9 ± 0.25 MiB/min, too uncertain for its budget 1 MiB/min (this run could see ≥ 1.5 MiB/min): run longer',
  );
});

test.each<[Guard, string]>([
  [{ kind: 'no-new-high' }, 'it ended no higher than before: run longer'],
  [{ kind: 'large-release' }, 'more than half of it was released at some time: run longer'],
  [{ kind: 'recent-rise', sinceMs: 48_000 }, 'it rose shortly before the end (since 48 s): run longer'],
  [{ kind: 'still-rising' }, 'it was still rising at the end, as of a warm-up that goes on: run longer'],
  [{ kind: 'levelled-off', sinceMs: 52_000 }, 'it levelled off since 52 s: run longer'],
  [{ kind: 'reductions-disagree', reduction: 'floor' }, 'its floor says the opposite: run longer'],
  [
    { kind: 'partly-judged', judged: 14, readings: 27, because: 'gap', atMs: 60_000 },
    'only 14 of 27 readings are judged, because of a gap between them and the others (at 1 min): judge the other part by itself',
  ],
  [{ kind: 'few-samples', needed: 20 }, 'with only 45 readings in the window; a pass needs 20: run longer'],
])('what the guard %o withheld is said with its reason', (guard, words) => {
  expect(reason({ ...LEAK, outcome: 'inconclusive', guards: [guard] })).toBe(
    `live heap grew 7.9 ± 0.25 MiB/min, budget 1 MiB/min, but ${words}`,
  );
});

test.each<[number, Unmeasured, string]>([
  [
    6,
    { kind: 'too-few-samples', samples: 6, needed: 8 },
    'live heap has only 6 readings in the window; a pass needs 20: run longer',
  ],
  [
    0,
    { kind: 'too-few-samples', samples: 0, needed: 8 },
    'live heap has no reading in the window; a pass needs 20: run longer',
  ],
  [
    0,
    { kind: 'within-warm-up', warmUpEndMs: 60_000 },
    'live heap has no reading after its warm-up: run longer',
  ],
  [
    45,
    { kind: 'too-few-cleanups', periods: 1.5, needed: 3 },
    'live heap has 1.5 clean-up periods of readings; a verdict needs 3: run longer',
  ],
  [45, { kind: 'no-time-span' }, 'live heap has readings of one moment only: run longer'],
  [
    45,
    { kind: 'load-follows-time' },
    'live heap has readings whose load changed along with time, so growth cannot be told from load: keep the rate constant',
  ],
])('%i readings with %o have no figures and say why', (samples, why, words) => {
  const assessment: Assessment = {
    state: 'unmeasured',
    outcome: 'inconclusive',
    reason: why,
    samples,
    windowMs: null,
    dropped: [],
  };
  expect(reason(assessment, null)).toBe(words);
  expect(growthFigures(assessment, BUDGET)).toEqual({
    verdict: 'inconclusive',
    growthPerMin: null,
    halfWidthPerMin: null,
    pExceeds: null,
    detectionFloorPerMin: null,
    samples,
    windowMs: null,
    fit: null,
  });
});

test('figures name the reduction, the model, the knee and the guards that made them', () => {
  const guarded: MeasuredGrowth = {
    ...LEAK,
    model: 'hinge',
    sinceMs: 12_000,
    guards: [{ kind: 'no-new-high' }],
  };
  expect(growthFigures(guarded, BUDGET)).toMatchObject({
    pExceeds: 0.999,
    samples: 45,
    windowMs: [10_000, 54_000],
    fit: { reduction: 'floor', model: 'hinge', sinceMs: 12_000, guards: ['no-new-high'] },
  });
});

test('the floor is at least what the caller knows to hide any growth', () => {
  const own = growthFigures(LEAK, BUDGET).detectionFloorPerMin ?? 0;
  expect(own).toBeCloseTo(MIB + 2.93 * 0.15 * MIB, 0);
  expect(growthFigures(LEAK, BUDGET, 9 * MIB).detectionFloorPerMin).toBe(9 * MIB);
});
