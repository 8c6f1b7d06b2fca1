/**
 * Where values are counted: bins as wide as the value to 10 bits, as in an HDR histogram of three digits
 * (G. Tene, HdrHistogram). Plain arithmetic on an array of counts, so that the array can lie in memory shared
 * between threads: one of them counts, another one reads.
 */

/** Values below 2^11 have a bin each; above, every doubling has 2^10 of them. */
const SUB_BIN_BITS = 10;
const SUB_BINS = 2 ** SUB_BIN_BITS;

/** The bin of a whole number from 0 to 2^31 - 1. */
export function binOf(value: number): number {
  const shift = Math.max(0, 31 - SUB_BIN_BITS - Math.clz32(value));
  return shift * SUB_BINS + (value >>> shift);
}

/** How many bins hold the values from 0 to `maxValue`. */
export function binCount(maxValue: number): number {
  return binOf(maxValue) + 1;
}

/** The largest value that falls into a bin. */
export function highestOf(bin: number): number {
  const shift = Math.max(0, Math.floor(bin / SUB_BINS) - 1);
  return (bin - shift * SUB_BINS + 1) * 2 ** shift - 1;
}

/** The value that `percent` of what was counted do not exceed, at its bin's upper end; null when nothing was counted. */
export function percentileOf(counts: Float64Array, percent: number): number | null {
  let total = 0;
  for (let bin = 0; bin < counts.length; bin++) total += counts[bin] as number;
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil((percent / 100) * total));
  let bin = 0;
  for (let seen = counts[0] as number; seen < rank; seen += counts[bin] as number) bin++;
  return highestOf(bin);
}
