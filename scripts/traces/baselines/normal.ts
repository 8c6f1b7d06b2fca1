/**
 * P(Z ≤ z) of a standard normal Z, by the Chebyshev fit of erfc in Press et al., Numerical Recipes §6.2
 * (relative error below 1.2e-7 everywhere, tails included). Infinite arguments give 0 and 1.
 */
export function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  if (x > 27) return z > 0 ? 1 : 0;
  const t = 1 / (1 + 0.5 * x);
  let polynomial = 0;
  for (const coefficient of ERFC) polynomial = polynomial * t + coefficient;
  const tail = 0.5 * t * Math.exp(-x * x + polynomial);
  return z > 0 ? 1 - tail : tail;
}

/** Coefficients of the exponent, highest power first. */
const ERFC = [
  0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196,
  1.00002368, -1.26551223,
];
