import { readdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Pair } from '../core/comparison.js';
import { ALL_RUN_FILES } from './run-files.js';

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

/** Takes the files of an earlier `run --against` away; folders that hold anything else stay, with it. */
export function removePairFolders(folder: string): void {
  rmSync(join(folder, COMPARISON_FILE), { force: true });
  for (const name of readdirSync(folder).filter((entry) => PAIR_FOLDER.test(entry))) {
    for (const file of ALL_RUN_FILES) rmSync(join(folder, name, file), { force: true });
    if (readdirSync(join(folder, name)).length === 0) rmdirSync(join(folder, name));
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
