/** Normal quantiles of 5 % error and 90 % power, 1.645 + 1.282: what a detectable excess must clear. */
const DETECTABLE_SIGMAS = 2.93;

/**
 * Standard deviation of the difference of two rounded readings in steps of the resolution (each uniform,
 * 1/√12): however quiet the readings, growth below this over the window does not show.
 */
export const ROUNDING_SIGMAS = 1 / Math.sqrt(6);

/**
 * The smallest true growth per minute that would have been failed with 5 % error and 90 % power, given the
 * standard error of the fit, or the rounding of the source where that is larger.
 */
export function detectionFloor(
  budgetPerMin: number,
  sePerMin: number,
  resolution: number,
  windowMinutes: number,
): number {
  const rounding = (ROUNDING_SIGMAS * resolution) / windowMinutes;
  return budgetPerMin + DETECTABLE_SIGMAS * Math.max(sePerMin, rounding);
}
