/** Lengths of the groups of equal values (two or more) of a series. */
export function tieGroups(values: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()].filter((count) => count > 1);
}

/**
 * Variance of Mann–Kendall's S for independent readings without trend (Kendall 1975):
 * `[n(n−1)(2n+5) − Σ t(t−1)(2t+5)] / 18` over the groups of `t` equal values. 0 when all are equal.
 */
export function kendallVariance(n: number, ties: readonly number[]): number {
  const term = (count: number): number => count * (count - 1) * (2 * count + 5);
  return ties.reduce((sum, count) => sum - term(count), term(n)) / 18;
}

/** Ranks from 1, equal values sharing the mean of their ranks. */
export function midRanks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => (values[a] as number) - (values[b] as number));
  const ranks = new Array<number>(values.length).fill(0);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1] as number] === values[order[from] as number]) to++;
    for (let k = from; k <= to; k++) ranks[order[k] as number] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return ranks;
}
