import type { GrowthReadings, Outcome } from '../assessment.js';
import type { Prepared } from '../prepare/prepare.js';
import type { Guard } from './guards.js';

/** What is left of a recording beside its longest segment is too little to matter below this share of it. */
const MIN_SHARE = 0.1;

/** Fewer readings than this cannot pass, whatever they show. */
const MIN_READINGS = 20;

/**
 * Objects to a pass that stands for part of a recording only. Each other stretch of the same process must pass as
 * well, unless it is short; other processes must not have had most of the readings (a crash loop). `judgeStretch`
 * says what a stretch shows by itself.
 */
export function partlyJudged(
  { dropped, others, windowMs }: Prepared,
  judgeStretch: (stretch: GrowthReadings) => Outcome,
): Guard | null {
  const left = dropped.find((one) => one.kind === 'other-segment');
  if (left === undefined || windowMs === null) return null;
  const { readings: elsewhere, breaks, judged } = left;
  const matters = ({ values }: GrowthReadings): boolean =>
    values.length >= Math.min(MIN_READINGS, MIN_SHARE * (judged + elsewhere));
  const differs = others.filter(matters).some((stretch) => judgeStretch(stretch) !== 'pass');
  const sameProcess = others.reduce((sum, { values }) => sum + values.length, 0);
  const crashLoop = elsewhere - sameProcess > judged;
  if (!differs && !crashLoop) return null;
  const concerned = breaks.filter(({ kind }) => (kind === 'restart') === (crashLoop && !differs));
  const after = concerned.find(({ atMs }) => atMs > windowMs[1]) ?? concerned.at(-1) ?? breaks[0];
  if (after === undefined) return null;
  const { kind: because, atMs } = after;
  return { kind: 'partly-judged', judged, readings: judged + elsewhere, because, atMs };
}
