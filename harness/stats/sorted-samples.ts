/** Values in ascending order, never empty: only `sortSamples` makes one, so that no quantile sees unsorted data. */
export type SortedSamples = Float64Array & { readonly __sorted: unique symbol };

/** A sorted copy of finite values; null when there are none. */
export function sortSamples(values: ArrayLike<number>): SortedSamples | null {
  return values.length === 0 ? null : (Float64Array.from(values).sort() as SortedSamples);
}

/** The quantile `q` in 0…1, linear between the two nearest order statistics (Hyndman & Fan 1996, type 7). */
export function quantile(sorted: SortedSamples, q: number): number {
  const position = Math.min(1, Math.max(0, q)) * (sorted.length - 1);
  const below = Math.floor(position);
  const lower = sorted[below] as number;
  const upper = sorted[below + 1] ?? lower;
  return lower + (upper - lower) * (position - below);
}

/** The middle value, or the mean of the two middle ones. */
export function median(sorted: SortedSamples): number {
  return quantile(sorted, 0.5);
}

/** The mean after leaving out the share `cut` of the values at each end (at least one value stays). */
export function trimmedMean(sorted: SortedSamples, cut: number): number {
  const skip = Math.min(Math.floor(sorted.length * cut), Math.floor((sorted.length - 1) / 2));
  let sum = 0;
  for (let i = skip; i < sorted.length - skip; i++) sum += sorted[i] as number;
  return sum / (sorted.length - 2 * skip);
}
