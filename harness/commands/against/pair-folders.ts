import { readdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Pair } from '../../core/comparison.js';
import { makeRunFolder } from '../files/run-folder.js';

/** What a `run --against` leaves beside the folders of its runs. */
export const COMPARISON_FILE = 'comparison.json';

const PAIR_FOLDER = /^pair-([1-9]\d*)-(before|after)$/;

/** Folder of one run of a pair, e.g. `pair-1-before`; pairs count from 1. */
export function pairFolder(folder: string, pair: number, side: keyof Pair<unknown>): string {
  return join(folder, `pair-${pair}-${side}`);
}

/** The folders of the complete pairs of a `run --against`, in their order; empty for any other folder. */
export function findPairFolders(folder: string): Pair<string>[] {
  const pairs: Pair<string>[] = [];
  for (let pair = 1; ; pair++) {
    const folders = {
      before: pairFolder(folder, pair, 'before'),
      after: pairFolder(folder, pair, 'after'),
    };
    if (!isFolder(folders.before) || !isFolder(folders.after)) return pairs;
    pairs.push(folders);
  }
}

/**
 * Takes the files of an earlier `run --against` away; folders that hold anything else stay, with it. Throws `usage`
 * when another rig is writing there.
 */
export function removePairFolders(folder: string): void {
  rmSync(join(folder, COMPARISON_FILE), { force: true });
  for (const name of readdirSync(folder).filter((entry) => PAIR_FOLDER.test(entry))) {
    const earlier = makeRunFolder(join(folder, name), true);
    if (readdirSync(earlier).length === 0) rmdirSync(earlier);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
