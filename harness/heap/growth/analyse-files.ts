import type { GrowthReport } from '../../core/culprit.js';
import { readAllocationProfile } from '../allocations/allocation-profile.js';
import { attributeAllocations } from '../allocations/attribute.js';
import { readSnapshot } from '../snapshot/read-snapshot.js';
import { findCulprits } from './culprits.js';
import { createNameBook } from './labels.js';
import { createOverlay } from './overlay.js';
import { createPathTrie } from './path-trie.js';
import { riseOf } from './series.js';
import { type Tally, tallySnapshot } from './tally.js';

/** What is compared. */
export interface AnalysisRequest {
  readonly files: readonly string[];
  /** Operations between two snapshots; null when not known. */
  readonly operations: number | null;
  /** A sampling heap profile of the same process that says where objects were allocated; null without one. */
  readonly allocations: string | null;
}

/**
 * Compares snapshots of one process in the order in which they were taken. Only one is in memory at a time.
 *
 * Throws `usage` for a file that cannot be read, as `readSnapshot` does.
 */
export async function analyseFiles({
  files,
  operations,
  allocations,
}: AnalysisRequest): Promise<GrowthReport> {
  const sites = allocations === null ? [] : readAllocationProfile(allocations);
  const trie = createPathTrie();
  const book = createNameBook();
  const tallies: Tally[] = [];
  for (const file of files) {
    const earlier = tallies.map(({ highestId }) => highestId);
    tallies.push(tallySnapshot(await readSnapshot(file), trie, book, earlier));
  }
  const growthBytes = riseOf(tallies.map(({ totalBytes }) => totalBytes));
  const overlay = createOverlay(trie, book, tallies);
  const culprits = findCulprits(overlay, { operations, snapshots: files.length, growthBytes });
  return {
    snapshots: tallies.map(({ totalBytes, totalNodes }, i) => ({
      file: files[i] as string,
      totalBytes,
      objects: totalNodes,
    })),
    operations,
    growthBytes,
    culprits: attributeAllocations(culprits, sites),
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
