import type { Points } from '../../../harness/stats/reduce/points.js';
import { normalCdf } from './normal.js';

/** Two-sided 5 % point of a lag's correlation under independence, times √n. */
const SIGNIFICANCE = 1.96;

/** Lags beyond this share of the series are too noisy to correct by. */
const MAX_LAG_SHARE = 1 / 3;

/**
 * Two-sided probability of as strong a monotone trend without one: Mann–Kendall's S with its tie-corrected
 * variance (Kendall 1975), widened for correlation after Hamed & Rao 1998 (J. Hydrology 204) by the significant
 * lags of the ranks of the series, its trend of `slope` per ms removed.
 */
export function hamedRaoProbability({ elapsedMs, values }: Points, slope: number): number {
  const n = values.length;
  let score = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) score += Math.sign((values[j] as number) - (values[i] as number));
  }
  const detrended = values.map((value, i) => value - slope * (elapsedMs[i] as number));
  const variance = kendallVariance(values) * correlationFactor(midRanks(detrended));
  const z = variance > 0 ? Math.max(0, Math.abs(score) - 1) / Math.sqrt(variance) : 0;
  return 2 * (1 - normalCdf(z));
}

function kendallVariance(values: Float64Array): number {
  const term = (count: number): number => (count * (count - 1) * (2 * count + 5)) / 18;
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let variance = term(values.length);
  for (const count of counts.values()) variance -= term(count);
  return variance;
}

/** Ranks from 1, equal values sharing the mean of their ranks. */
function midRanks(values: Float64Array): Float64Array {
  const order = Array.from(values.keys()).sort((a, b) => (values[a] as number) - (values[b] as number));
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1] as number] === values[order[from] as number]) to++;
    for (let k = from; k <= to; k++) ranks[order[k] as number] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return ranks;
}

function correlationFactor(ranks: Float64Array): number {
  const n = ranks.length;
  const centred = ranks.map((rank) => rank - (n + 1) / 2);
  const energy = centred.reduce((sum, value) => sum + value * value, 0);
  if (energy === 0) return 1;
  let sum = 0;
  for (let lag = 1; lag <= Math.floor(n * MAX_LAG_SHARE); lag++) {
    let products = 0;
    for (let i = lag; i < n; i++) products += (centred[i] as number) * (centred[i - lag] as number);
    const rho = products / energy;
    if (Math.abs(rho) > SIGNIFICANCE / Math.sqrt(n)) sum += (n - lag) * (n - lag - 1) * (n - lag - 2) * rho;
  }
  return Math.max(0.1, 1 + (2 / (n * (n - 1) * (n - 2))) * sum);
}
