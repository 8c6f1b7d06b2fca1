import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Attribution } from '../../core/attribution.js';
import { formatBytes } from '../../core/units.js';
import { analyseGrowth } from '../../heap/analyse-growth.js';
import { packSnapshot } from '../../heap/pack-snapshot.js';
import { removeSnapshots, type TakenSnapshots } from './take-snapshots.js';

/** Culprits that are recorded: who reads more of them has more than one problem. */
const MAX_CULPRITS = 20;

/** Packed snapshots of a run may take this much together; those beyond it are not kept. */
const MAX_KEPT_BYTES = 1024 ** 3;

export interface CompareOptions {
  /** Where they are, and stay packed. */
  readonly folder: string;
  readonly stripStrings: boolean;
  /** One sentence for the user. */
  readonly notice: (text: string) => void;
}

/**
 * Compares snapshots in a process of its own and packs them. Throws as `analyseGrowth` does, and the signal's reason;
 * those that are not packed by then are gone.
 */
export async function compareSnapshots(
  { engine, pid, files, allocations, operations }: TakenSnapshots,
  { folder, stripStrings, notice }: CompareOptions,
  signal: AbortSignal,
): Promise<Attribution> {
  try {
    const { report } = await analyseGrowth(files, { operations, allocations, sampledGrowth: true, signal });
    let kept = 0;
    for (const file of files) {
      const packed = `${file}.gz`;
      const { bytes } = await packSnapshot({ file, packed, stripStrings }, signal).catch((error: unknown) => {
        rmSync(packed, { force: true });
        throw error;
      });
      rmSync(file);
      kept += bytes;
      if (kept <= MAX_KEPT_BYTES) continue;
      rmSync(packed);
      kept -= bytes;
      notice(
        `${basename(packed)} is not kept: it has ${formatBytes(bytes)}, and all may have ${formatBytes(MAX_KEPT_BYTES)}`,
      );
    }
    const snapshots = report.snapshots.map(({ file, totalBytes, objects }) => ({
      file: join(basename(folder), `${basename(file)}.gz`),
      totalBytes,
      objects,
    }));
    const { growthBytes, culprits } = report;
    return { engine, pid, operations, snapshots, growthBytes, culprits: culprits.slice(0, MAX_CULPRITS) };
  } finally {
    removeSnapshots(allocations === null ? files : [...files, allocations], folder);
  }
}
