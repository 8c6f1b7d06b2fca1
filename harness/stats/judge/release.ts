import { mean } from '../math/vectors.js';
import { curveAt, type Estimate, type TrendCurve } from '../model/estimate.js';
import { quantile, sortSamples } from '../sorted-samples.js';
import type { Guard } from './guards.js';

/** Blocks whose means are compared; few enough that noise averages out, enough to see a release. */
const BLOCKS = 16;

/** The end is the mean of the last eighth of the blocks. */
const END_SHARE = 1 / 8;

/** What came before: this quantile of the first three quarters. */
const BEFORE_SHARE = 0.75;
const BEFORE_QUANTILE = 0.9;

/** The end must come this many standard errors of a block near it. */
const NEW_HIGH_SIGMAS = 1.5;

/** A release is large beyond this share of the whole rise, and real beyond so many standard errors. */
const RELEASE_SHARE = 0.5;
const RELEASE_SIGMAS = 5;

/** Correlation above this is left out of a block's error: there it is structure, not noise. */
const MAX_NOISE_CORRELATION = 0.6;

/** A warm-up that *falls* and is over within this share of the window is no release to hold against a leak. */
const MAX_SETTLING = 0.2;

/**
 * A leak ends higher than it ever was and has never given back most of what it took. Looks at block means of
 * the reduced series, load and periods taken out; null when nothing speaks against a leak.
 */
export function releaseGuard(estimate: Estimate): Guard | null {
  const { points, residuals } = estimate;
  const trend = withoutInitialFall(estimate.trend);
  const levels = points.elapsedMs.map((at, i) => curveAt(trend, at) + (residuals[i] as number));
  const count = Math.min(BLOCKS, levels.length);
  const blocks = Float64Array.from({ length: count }, (_, b) => {
    const [from, to] = [b, b + 1].map((edge) => Math.floor((edge * levels.length) / count));
    return mean(levels.subarray(from, to));
  });
  const error = blockError(estimate, count);
  const end = mean(blocks.subarray(-Math.max(1, Math.round(count * END_SHARE))));
  const before = sortSamples(blocks.subarray(0, Math.floor(BEFORE_SHARE * count)));
  if (before !== null && end <= quantile(before, BEFORE_QUANTILE) - NEW_HIGH_SIGMAS * error) {
    return { kind: 'no-new-high' };
  }
  const release = largestRelease(blocks);
  const large = release > RELEASE_SHARE * (end - Math.min(...blocks)) && release > RELEASE_SIGMAS * error;
  return large ? { kind: 'large-release' } : null;
}

function withoutInitialFall(trend: TrendCurve): TrendCurve {
  const atoms = trend.atoms.filter(
    ({ atom, height }) => atom.kind !== 'exp' || height >= 0 || atom.parameter > MAX_SETTLING,
  );
  return { ...trend, atoms };
}

/** Standard error of a block mean, from successive differences so that a sawtooth does not hide itself. */
function blockError({ residuals, correlation }: Estimate, blocks: number): number {
  const points = residuals.length;
  let squares = 0;
  for (let i = 1; i < points; i++) squares += ((residuals[i] as number) - (residuals[i - 1] as number)) ** 2;
  const r = Math.min(MAX_NOISE_CORRELATION, correlation);
  const variance = squares / (2 * (points - 1)) / (1 - r);
  return Math.sqrt((variance * (blocks / points) * (1 + r)) / (1 - r));
}

/** The most that was risen and then given back around one block. */
function largestRelease(blocks: Float64Array): number {
  let largest = 0;
  for (let i = 1; i < blocks.length - 1; i++) {
    const level = blocks[i] as number;
    const rise = level - Math.min(...blocks.subarray(0, i));
    const drop = level - Math.min(...blocks.subarray(i + 1));
    largest = Math.max(largest, Math.min(rise, drop));
  }
  return largest;
}
