import { median, sortSamples } from '../sorted-samples.js';

/** Residuals beyond this many robust standard deviations are brought back to it. */
const LIMIT_SIGMAS = 3.5;

/** A median absolute deviation times this estimates a normal standard deviation. */
const MAD_TO_SIGMA = 1.4826;

/**
 * Values with their outlying residuals brought back to 3.5 robust standard deviations (never less than
 * `minSigma`); null when nothing lies beyond.
 */
export function winsorise(
  values: Float64Array,
  residuals: Float64Array,
  minSigma: number,
): Float64Array | null {
  const sorted = sortSamples(residuals.map(Math.abs));
  if (sorted === null) return null;
  const limit = LIMIT_SIGMAS * Math.max(minSigma, MAD_TO_SIGMA * median(sorted));
  let changed = false;
  const limited = values.map((value, i) => {
    const residual = residuals[i] as number;
    if (Math.abs(residual) <= limit) return value;
    changed = true;
    return value - residual + Math.sign(residual) * limit;
  });
  return changed ? limited : null;
}
