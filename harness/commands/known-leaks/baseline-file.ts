import {
  accessSync,
  constants,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { leakBaselineJson, parseLeakBaseline } from '../../../reports/leak-baseline.js';
import { couldNotRun, messageOf, usageError } from '../../core/errors.js';
import type { LeakBaseline } from '../../core/leak-baseline.js';
import { EMPTY_BASELINE } from '../../verdict/known-leaks/update-baseline.js';

/** Reads a baseline that the user named. Throws `usage` where it is missing (unless it may be), unreadable or corrupt. */
export function readBaseline(path: string, { mayBeMissing = false } = {}): LeakBaseline {
  if (path.trim() === '') throw usageError('--baseline "" names no file: is a shell variable empty?');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw usageError(`--baseline ${path} cannot be read: ${messageOf(cause)}; name a file that can`, cause);
    }
    if (mayBeMissing) return EMPTY_BASELINE;
    throw usageError(
      `--baseline ${path} does not exist: check the path, or make it from a run with --update-baseline`,
      cause,
    );
  }
  return parseLeakBaseline(text, `--baseline ${path}`);
}

/** Throws `usage` where a baseline could not be written: better said now than after hours. */
export function checkWritable(path: string): void {
  const folder = dirname(path);
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw usageError(
      `--baseline ${path} could not be written: ${messageOf(cause)}; make the folder ${folder}, or name another file`,
      cause,
    );
  }
}

/**
 * Writes a baseline, all or nothing, readable for whoever may read the repository that it is kept in. A link is
 * followed. Throws `could-not-run` when the disk refuses.
 */
export function writeBaseline(path: string, baseline: LeakBaseline): void {
  const file = followed(path);
  const fresh = `${file}.${process.pid}.new`;
  try {
    writeFileSync(fresh, leakBaselineJson(baseline));
    renameSync(fresh, file);
  } catch (cause) {
    rmSync(fresh, { force: true });
    throw couldNotRun(
      `--baseline ${path} cannot be written: ${messageOf(cause)}; free some space or name another file`,
      cause,
    );
  }
}

function followed(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // A new file has no real path yet.
    return path;
  }
}
