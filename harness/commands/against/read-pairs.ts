import type { Pair } from '../../core/comparison.js';
import { usageError } from '../../core/errors.js';
import type { NonEmpty } from '../../stats/difference.js';
import { readRun, type StoredRun } from '../files/read-run.js';

/** Reads the runs of pairs one after another. Throws `usage` as `readRun` does, and when there is no pair. */
export async function readPairs(folders: readonly Pair<string>[]): Promise<NonEmpty<Pair<StoredRun>>> {
  const pairs: Pair<StoredRun>[] = [];
  for (const { before, after } of folders) {
    pairs.push({ before: await readRun(before), after: await readRun(after) });
  }
  const [first, ...others] = pairs;
  if (first === undefined) throw usageError('there is no complete pair of runs to compare');
  return [first, ...others];
}
