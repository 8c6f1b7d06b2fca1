import type { GrowthReport } from '../../core/culprit.js';
import { readSnapshot } from '../snapshot/read-snapshot.js';
import { findCulprits } from './culprits.js';
import { createNameBook } from './labels.js';
import { createOverlay } from './overlay.js';
import { createPathTrie } from './path-trie.js';
import { riseOf } from './series.js';
import { type Tally, tallySnapshot } from './tally.js';

export interface AnalysisOptions {
  /** Operations between two snapshots; null when not known. */
  readonly operations: number | null;
}

/**
 * Compares snapshots of one process in the order in which they were taken. Only one is in memory at a time.
 *
 * Throws `usage` for a file that cannot be read, as `readSnapshot` does.
 */
export async function analyseFiles(
  files: readonly string[],
  { operations }: AnalysisOptions,
): Promise<GrowthReport> {
  const trie = createPathTrie();
  const book = createNameBook();
  const tallies: Tally[] = [];
  for (const file of files) {
    const earlier = tallies.map(({ highestId }) => highestId);
    tallies.push(tallySnapshot(await readSnapshot(file), trie, book, earlier));
  }
  const growthBytes = riseOf(tallies.map(({ totalBytes }) => totalBytes));
  const overlay = createOverlay(trie, book, tallies);
  return {
    snapshots: tallies.map(({ totalBytes, totalNodes }, i) => ({
      file: files[i] as string,
      totalBytes,
      objects: totalNodes,
    })),
    operations,
    growthBytes,
    culprits: findCulprits(overlay, { operations, snapshots: files.length, growthBytes }),
    warnings: warningsOf(tallies),
  };
}

function warningsOf(tallies: readonly Tally[]): readonly string[] {
  const warnings: string[] = [];
  if (tallies.length === 2) {
    warnings.push('two snapshots cannot tell a leak from a cache that was filled once: give three');
  }
  if (tallies.some(({ highestId }, i) => highestId < (tallies[i - 1]?.highestId ?? 0))) {
    warnings.push('the ids do not rise: give snapshots of one process in the order in which they were taken');
  }
  return warnings;
}
