import { median, sortSamples } from '../../harness/stats/sorted-samples.js';

/** Two things measured in turn, round by round: what the machine does to both cancels in their ratios. */
export interface RoundsResult {
  readonly first: number;
  readonly second: number;
  /** Of the ratios first / second, one of each round. */
  readonly ratio: number;
  /** The interval of that median at the level of `INTERVAL`; the lowest and highest ratio where there are few rounds. */
  readonly low: number;
  readonly high: number;
}

/** Normal quantile of a 95 % interval of a median by ranks (Conover, Practical Nonparametric Statistics, §3.2). */
const INTERVAL = 1.96;

/** Measures both in each round, the one that goes first in turn; `onRound` is told of each. */
export async function inTurn(
  rounds: number,
  first: () => Promise<number>,
  second: () => Promise<number>,
  onRound: (round: number, first: number, second: number) => void,
): Promise<RoundsResult> {
  const pairs: (readonly [number, number])[] = [];
  for (let round = 1; round <= rounds; round++) {
    const isSwapped = round % 2 === 0;
    const one = await (isSwapped ? second() : first());
    const other = await (isSwapped ? first() : second());
    const pair = isSwapped ? ([other, one] as const) : ([one, other] as const);
    pairs.push(pair);
    onRound(round, ...pair);
  }
  const ratios = pairs.map(([a, b]) => a / b).sort((a, b) => a - b);
  const reach = (INTERVAL * Math.sqrt(rounds)) / 2;
  const at = (index: number): number =>
    ratios[Math.min(Math.max(Math.round(index), 0), rounds - 1)] ?? Number.NaN;
  return {
    first: medianOf(pairs.map(([a]) => a)),
    second: medianOf(pairs.map(([, b]) => b)),
    ratio: medianOf(ratios),
    low: at(rounds / 2 - reach - 1),
    high: at(rounds / 2 + reach),
  };
}

function medianOf(values: readonly number[]): number {
  const sorted = sortSamples(values);
  return sorted === null ? Number.NaN : median(sorted);
}
