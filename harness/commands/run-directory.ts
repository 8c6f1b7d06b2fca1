import {
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { readRecording } from '../../reports/csv-read.js';
import { csvHeader, csvRow } from '../../reports/csv-write.js';
import { manifestJson } from '../../reports/manifest.js';
import { resultJson } from '../../reports/verdict-json.js';
import { couldNotRun, usageError } from '../core/errors.js';
import type { RunVerdict } from '../core/verdict.js';
import type { RunSinks } from '../run/sinks.js';

/** Names of the files of a run. */
export const RUN_FILES = {
  samples: 'samples.csv',
  manifest: 'run.json',
  verdict: 'verdict.json',
  targetLog: 'target.log',
  loadLog: 'load.log',
  targetConfig: 'target.toml',
} as const;

/** A run's folder on disk, private to the user (mode 0700, files 0600). */
export interface RunDirectory {
  readonly path: string;
  readonly sinks: Omit<RunSinks, 'progress'>;
  writeVerdict(verdict: RunVerdict): void;
  close(): void;
}

/**
 * Makes the folder and opens `samples.csv` in it.
 *
 * Throws `usage` when it exists and holds something and `force` is false, and `could-not-run` when it cannot
 * be written. With `force` the files of an earlier run are replaced; anything else in it is left alone.
 */
export function createRunDirectory(path: string, force: boolean): RunDirectory {
  const absolute = resolve(path);
  prepareFolder(absolute, force);
  const samples = openSync(join(absolute, RUN_FILES.samples), 'w', 0o600);
  writeSync(samples, csvHeader());

  return {
    path: absolute,
    sinks: {
      sample: (row) => void writeSync(samples, csvRow(row)),
      manifest: (manifest) => replaceFile(join(absolute, RUN_FILES.manifest), manifestJson(manifest)),
      readBack: () => {
        fsyncSync(samples);
        const file = join(absolute, RUN_FILES.samples);
        return readRecording(createReadStream(file), file);
      },
      paths: {
        targetLog: join(absolute, RUN_FILES.targetLog),
        loadLog: join(absolute, RUN_FILES.loadLog),
        targetConfig: join(absolute, RUN_FILES.targetConfig),
      },
    },
    writeVerdict: (verdict) => replaceFile(join(absolute, RUN_FILES.verdict), resultJson(verdict)),
    close: () => closeSync(samples),
  };
}

/** `soak-results/<scenario>-<time>`: sorts by time, and no two runs of a second share it. */
export function defaultRunDirectory(scenario: string, now: Date): string {
  const stamp = now
    .toISOString()
    .replace(/[-:]/g, '')
    .replace(/\.\d+Z$/, 'Z');
  const base = join('soak-results', `${scenario}-${stamp}`);
  for (let n = 1; ; n++) {
    const path = n === 1 ? base : `${base}-${n}`;
    if (!existsSync(path)) return path;
  }
}

function prepareFolder(path: string, force: boolean): void {
  try {
    if (existsSync(path) && readdirSync(path).length > 0) {
      if (!force) {
        throw usageError(
          `--out ${path} exists and is not empty: choose another folder, or replace it with --force`,
        );
      }
      for (const name of Object.values(RUN_FILES)) rmSync(join(path, name), { force: true });
    }
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const probe = join(path, `.write-check-${process.pid}`);
    writeFileSync(probe, '', { mode: 0o600 });
    rmSync(probe);
  } catch (error) {
    if (error instanceof Error && error.name === 'HarnessError') throw error;
    throw couldNotRun(
      `cannot write to ${path}: ${(error as Error).message}; choose a folder with --out`,
      error,
    );
  }
}

/** All or nothing: a reader sees the old text or the new one, also after a crash. */
function replaceFile(path: string, text: string): void {
  const fresh = `${path}.new`;
  writeFileSync(fresh, text, { mode: 0o600 });
  renameSync(fresh, path);
}
