/** Beyond this a short series cannot tell correlation from trend, and the corrections would run away. */
const MAX_CORRELATION = 0.95;

/**
 * Lag-1 correlation of residuals, 0…0.95, corrected for the bias that fitting `parameters` columns gives it:
 * (ρ·n + p)/(n − p − 2), the first-order correction of Kendall 1954 and Marriott & Pope 1954. Negative
 * correlation counts as none: it never makes surer. 0 when the residuals are mere rounding (`floor`, a sum of
 * squares).
 */
export function lagOneCorrelation(residuals: Float64Array, parameters: number, floor: number): number {
  const n = residuals.length;
  let squares = 0;
  let products = 0;
  for (let i = 0; i < n; i++) {
    const value = residuals[i] as number;
    squares += value * value;
    if (i > 0) products += value * (residuals[i - 1] as number);
  }
  if (squares <= floor) return 0;
  const corrected = ((products / squares) * n + parameters) / Math.max(1, n - parameters - 2);
  return Math.min(MAX_CORRELATION, Math.max(0, corrected));
}

/** How many times wider AR(1) noise of this correlation makes the variance of a mean or slope, for long series. */
export function varianceInflation(correlation: number): number {
  return (1 + correlation) / (1 - correlation);
}

/**
 * How many independent points would know the variance of AR(1) noise as well as `points` of this correlation do, for
 * long series (Bayley & Hammersley 1946). More than would know its mean: squares are less correlated.
 */
export function pointsForVariance(points: number, correlation: number): number {
  return (points * (1 - correlation ** 2)) / (1 + correlation ** 2);
}
