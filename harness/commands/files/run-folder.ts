import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { couldNotRun, HarnessError, messageOf, usageError } from '../../core/errors.js';
import { csvParts } from './csv-parts.js';
import { ALL_RUN_FILES, CONFIRM_FOLDER, HEAP_FOLDER, RUN_FILES } from './run-files.js';

/**
 * Makes the folder of a run, for the user alone where it is new, and hands back its absolute path.
 *
 * Throws `usage` when it holds something and `force` is false, or when another run is writing there, and
 * `could-not-run` when it cannot be written. With `force` the files of an earlier run are removed; anything
 * else in it is left alone.
 */
export function makeRunFolder(path: string, force: boolean): string {
  if (path.trim() === '') throw usageError('--out "" names no folder: is a shell variable empty?');
  const folder = resolve(path);
  try {
    makeMissing(folder);
    if (readdirSync(folder).length > 0) makeRoom(folder, force);
    const probe = join(folder, `.write-check-${process.pid}`);
    writeFileSync(probe, '', { mode: 0o600 });
    rmSync(probe);
    return folder;
  } catch (error) {
    if (error instanceof HarnessError) throw error;
    throw couldNotRun(`cannot write to ${folder}: ${messageOf(error)}; choose a folder with --out`, error);
  }
}

/** A folder of its own under `soak-results/`, named after scenario and time; never one that is there already. */
export function makeDefaultRunFolder(scenario: string, now: Date): string {
  const stamp = now
    .toISOString()
    .replace(/[-:]/g, '')
    .replace(/\.\d+Z$/, 'Z');
  for (let n = 1; ; n++) {
    const folder = resolve('soak-results', `${scenario}-${stamp}${n === 1 ? '' : `-${n}`}`);
    if (!existsSync(folder)) return makeRunFolder(folder, false);
  }
}

/** All or nothing: a reader sees the old text or the new one, also after a crash or on a full disk. */
export function replaceFile(path: string, text: string): void {
  const fresh = `${path}.new`;
  try {
    writeFileSync(fresh, text, { mode: 0o600 });
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw cannotWrite(path, error);
  }
}

/** The error of a file that could not be written in mid-run, with the next move. */
export function cannotWrite(path: string, cause: unknown): HarnessError {
  return couldNotRun(
    `cannot write ${path}: ${messageOf(cause)}; free some space or choose another --out`,
    cause,
  );
}

/** Makes the missing levels one by one: `recursive` spins for ever where a parent refuses children (/proc). */
function makeMissing(folder: string): void {
  const missing: string[] = [];
  for (let level = folder; statSync(level, { throwIfNoEntry: false }) === undefined; level = dirname(level)) {
    missing.unshift(level);
  }
  for (const level of missing) mkdirSync(level, { mode: 0o700 });
}

function makeRoom(folder: string, force: boolean): void {
  if (!force) {
    throw usageError(
      `--out ${folder} exists and is not empty: choose another folder, or replace the run in it with --force`,
    );
  }
  const writer = writingRig(join(folder, RUN_FILES.manifest));
  if (writer !== null) {
    throw usageError(
      `--out ${folder} is being written by another run (process ${writer}): choose another folder`,
    );
  }
  const parts = [RUN_FILES.samples, RUN_FILES.processes].flatMap((name) => csvParts(folder, name));
  for (const name of [...ALL_RUN_FILES, ...parts]) rmSync(join(folder, name), { force: true });
  for (const name of [CONFIRM_FOLDER, HEAP_FOLDER])
    rmSync(join(folder, name), { force: true, recursive: true });
}

/** The rig that is still writing this folder; null when none is. */
function writingRig(manifestPath: string): number | null {
  try {
    const { state, rigPid } = JSON.parse(readFileSync(manifestPath, 'utf8')) as {
      state: string;
      rigPid: number;
    };
    if (state !== 'running' || rigPid === process.pid) return null;
    process.kill(rigPid, 0);
    return rigPid;
  } catch {
    return null;
  }
}
