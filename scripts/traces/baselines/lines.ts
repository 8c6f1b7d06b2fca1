import type { Points } from '../../../harness/stats/reduce/points.js';
import { median, sortSamples } from '../../../harness/stats/sorted-samples.js';

/** Least-squares slope per ms. */
export function leastSquaresSlope({ elapsedMs, values }: Points): number {
  const count = values.length;
  const meanTime = elapsedMs.reduce((sum, at) => sum + at, 0) / count;
  const meanValue = values.reduce((sum, value) => sum + value, 0) / count;
  let [products, squares] = [0, 0];
  for (let i = 0; i < count; i++) {
    const time = (elapsedMs[i] as number) - meanTime;
    products += time * ((values[i] as number) - meanValue);
    squares += time * time;
  }
  return products / squares;
}

/** Theil–Sen slope per ms: the median of the slopes of all pairs (Theil 1950, Sen 1968). */
export function theilSenSlope({ elapsedMs, values }: Points): number {
  const slopes: number[] = [];
  for (let i = 0; i < values.length; i++) {
    for (let j = i + 1; j < values.length; j++) {
      const time = (elapsedMs[j] as number) - (elapsedMs[i] as number);
      if (time > 0) slopes.push(((values[j] as number) - (values[i] as number)) / time);
    }
  }
  const sorted = sortSamples(slopes);
  return sorted === null ? 0 : median(sorted);
}
