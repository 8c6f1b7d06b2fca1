import type { Pair } from '../core/comparison.js';
import type { NonEmpty } from '../stats/difference.js';
import type { RecordedRun } from './recorded-run.js';
import { doubtfulSettings } from './unlike.js';
import { judgedWindow, offeredPerMin } from './window.js';

/** Offered rates that differ by more than this share make growth per minute two different things. */
const MAX_LOAD_DIFFERENCE = 0.05;

/** Pairs from which the spread between runs is known well enough (see `meanEstimate`). */
export const ENOUGH_PAIRS = 3;

/** What takes from the certainty of a comparison: "no difference" becomes inconclusive. */
export function certaintyDoubts(pairs: NonEmpty<Pair<RecordedRun>>): string[] {
  return pairs.flatMap((pair, i) => {
    const which = pairs.length === 1 ? '' : ` of pair ${i + 1}`;
    return [
      ...loadDoubts(pair, which),
      ...stateDoubts(`the before run${which}`, pair.before),
      ...stateDoubts(`the after run${which}`, pair.after),
    ];
  });
}

/** What a reader should know besides; changes nothing. */
export function certaintyNotes(pairs: NonEmpty<Pair<RecordedRun>>): string[] {
  const few =
    pairs.length === 1 || pairs.length >= ENOUGH_PAIRS
      ? []
      : [
          `${pairs.length} pairs tell little of how runs of one version vary: a false alarm is up to half as likely again as it should be, ${ENOUGH_PAIRS} pairs mend that`,
        ];
  const settings = doubtfulSettings(pairs).map(
    ({ setting, before, after }) =>
      `${setting} differs and may explain a difference: ${before} before, ${after} after`,
  );
  return [...few, ...settings];
}

function loadDoubts({ before, after }: Pair<RecordedRun>, which: string): string[] {
  const [left, right] = [offered(before), offered(after)];
  if (left === null || right === null) return [];
  if (Math.abs(left - right) <= MAX_LOAD_DIFFERENCE * Math.max(left, right)) return [];
  return [
    `the offered load${which} differs: ${Math.round(left)} operations/min before, ${Math.round(right)} after; growth is only comparable at equal load`,
  ];
}

function offered({ recording }: RecordedRun): number | null {
  const window = judgedWindow(recording);
  return window === null ? null : offeredPerMin(recording, window);
}

function stateDoubts(run: string, { manifest }: RecordedRun): string[] {
  if (manifest.state === 'finished') return [];
  return [`${run} did not finish (state ${manifest.state}); it is compared as far as it got`];
}
