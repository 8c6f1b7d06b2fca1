/** Fewest cycles in the window that make a period. */
const MIN_CYCLES = 2.5;

/** Most cycles looked for; faster ones average out within a bucket. */
const MAX_CYCLES = 40;

/** Points that a cycle needs. */
const MIN_POINTS_PER_CYCLE = 5;

/** Frequencies are tried this far apart: a quarter of what the window can resolve. */
const STEP = 0.125;

/** A sinusoid must explain more than this share of the residual variance … */
const MIN_SHARE = 0.5;

/** … and be this improbable as the largest of as many independent frequencies (Fisher 1929). */
const SIGNIFICANCE = 0.001;

/** Cycles per window of the sinusoid that dominates the residuals at times u in 0…1; null when none does. */
export function dominantCycles(u: Float64Array, residuals: Float64Array): number | null {
  const points = u.length;
  let squares = 0;
  for (const value of residuals) squares += value * value;
  const fastest = Math.min(points / MIN_POINTS_PER_CYCLE, MAX_CYCLES);
  if (!(squares > 0) || fastest < MIN_CYCLES) return null;
  let [bestCycles, bestExplained] = [0, -1];
  for (const [cycles, explained] of periodogram(u, residuals, fastest)) {
    if (explained > bestExplained) [bestCycles, bestExplained] = [cycles, explained];
  }
  const fisher = 1 - (SIGNIFICANCE / (2 * fastest)) ** (2 / Math.max(1, points - 3));
  return bestExplained / squares >= Math.max(MIN_SHARE, fisher) ? bestCycles : null;
}

/** Squares that the least-squares sinusoid of each frequency explains (Lomb 1976), phases turned step by step. */
function* periodogram(
  u: Float64Array,
  residuals: Float64Array,
  fastest: number,
): Generator<readonly [number, number]> {
  const turn = (cycles: number, part: (angle: number) => number): Float64Array =>
    u.map((at) => part(2 * Math.PI * cycles * at));
  const [cosStep, sinStep] = [turn(STEP, Math.cos), turn(STEP, Math.sin)];
  const [cos, sin] = [turn(MIN_CYCLES, Math.cos), turn(MIN_CYCLES, Math.sin)];
  for (let cycles = MIN_CYCLES; cycles <= fastest; cycles += STEP) {
    let [cc, ss, cs, rc, rs] = [0, 0, 0, 0, 0];
    for (let i = 0; i < u.length; i++) {
      const [c, s, r] = [cos[i] as number, sin[i] as number, residuals[i] as number];
      cc += c * c;
      ss += s * s;
      cs += c * s;
      rc += r * c;
      rs += r * s;
      const [dc, ds] = [cosStep[i] as number, sinStep[i] as number];
      cos[i] = c * dc - s * ds;
      sin[i] = s * dc + c * ds;
    }
    const determinant = cc * ss - cs * cs;
    if (determinant > 1e-9) {
      yield [cycles, (rc * rc * ss - 2 * rc * rs * cs + rs * rs * cc) / determinant];
    }
  }
}

/** Sine and cosine of this many cycles per window, as nuisance columns. */
export function sinusoidColumns(u: Float64Array, cycles: number): readonly Float64Array[] {
  return [Math.sin, Math.cos].map((part) => u.map((at) => part(2 * Math.PI * cycles * at)));
}
