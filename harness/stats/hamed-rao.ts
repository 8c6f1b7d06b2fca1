import { midRanks } from './mann-kendall.js';

/** Two-sided 5 % point of a lag's correlation under independence, times √n (Hamed & Rao 1998). */
const SIGNIFICANCE = 1.96;

/** Parameters of the line that was removed; each biases the lag-1 correlation down by about 1/n. */
const FITTED_PARAMETERS = 2;

/** Beyond this a short series cannot tell correlation from trend, and the bias correction would run away. */
const MAX_LAG1 = 0.95;

/**
 * How many times wider the variance of Mann–Kendall's S is than for independent readings, at least 1
 * (negative correlation never makes us surer). `residuals` is the series with its trend removed.
 *
 * Hamed & Rao 1998 (J. Hydrology 204): `1 + 2/(n(n−1)(n−2)) · Σ (n−k)(n−k−1)(n−k−2) ρₖ` over the lags k whose
 * rank correlation ρₖ is significant at 5 %. On short series few true lags reach significance: with AR(1)
 * noise of 0.6 that sum alone let 15 % of trend-free series of 12 to 200 readings exceed the 5 % level.
 * So the same sum is also taken over the AR(1) correlogram ρ₁ᵏ, ρ₁ corrected for its bias
 * `(ρ₁n + p)/(n − p − 2)`, and the larger of the two counts: that brings those series to 6–8 %.
 */
export function hamedRaoFactor(residuals: readonly number[]): number {
  const n = residuals.length;
  if (n < 5) return 1;
  const correlation = autocorrelation(midRanks(residuals));
  if (correlation === null) return 1;
  const limit = SIGNIFICANCE / Math.sqrt(n);
  const raw = correlation[1] as number;
  const corrected = (raw * n + FITTED_PARAMETERS) / (n - FITTED_PARAMETERS - 2);
  const lag1 = Math.min(MAX_LAG1, Math.max(0, corrected));
  let measured = 0;
  let modelled = 0;
  for (let k = 1; k < n; k++) {
    const weight = (n - k) * (n - k - 1) * (n - k - 2);
    const rho = correlation[k] as number;
    if (Math.abs(rho) > limit) measured += weight * rho;
    modelled += weight * lag1 ** k;
  }
  return 1 + Math.max(0, (2 * Math.max(measured, modelled)) / (n * (n - 1) * (n - 2)));
}

/** Correlation of a series with itself at lags 0…n−1; null when it is constant. */
function autocorrelation(values: readonly number[]): number[] | null {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const centred = values.map((value) => value - mean);
  const energy = centred.reduce((sum, value) => sum + value * value, 0);
  if (energy === 0) return null;
  return centred.map((_, lag) => {
    let sum = 0;
    for (let i = 0; i + lag < n; i++) sum += (centred[i] as number) * (centred[i + lag] as number);
    return sum / energy;
  });
}
