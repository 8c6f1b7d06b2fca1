import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseManifest } from '../../../reports/manifest.js';
import { messageOf, usageError } from '../../core/errors.js';
import type { Manifest } from '../../core/manifest.js';
import type { Recording } from '../../core/recording.js';
import type { Warning } from '../../core/warning.js';
import { csvParts } from './csv-parts.js';
import { readSamples } from './run-directory.js';
import { RUN_FILES } from './run-files.js';

/** A run read back from its folder. */
export interface StoredRun {
  readonly directory: string;
  readonly manifest: Manifest;
  readonly recording: Recording;
  readonly warnings: readonly Warning[];
}

/**
 * Reads a run by its folder, or by the `samples.csv` in it. Throws `usage` naming the file that is missing,
 * unreadable or not what it should be.
 */
export async function readRun(path: string): Promise<StoredRun> {
  const directory = basename(path) === RUN_FILES.samples ? dirname(path) : path;
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw usageError(`'${path}' is not the directory of a run: give the folder that leak-soak run wrote`);
  }
  const manifestPath = join(directory, RUN_FILES.manifest);
  const samplesPath = join(directory, RUN_FILES.samples);
  const manifest = parseManifest(readText(manifestPath), manifestPath);
  if (csvParts(directory, RUN_FILES.samples).length === 0) {
    throw usageError(`'${directory}' has no ${RUN_FILES.samples}: it is not the directory of a run`);
  }
  const { recording, warnings } = await readSamples(directory);
  checkSameRun(manifest, recording, samplesPath);
  return { directory, manifest, recording, warnings };
}

/** Samples of another process than the manifest's would be judged under its name. */
function checkSameRun({ target }: Manifest, recording: Recording, samplesPath: string): void {
  const sampled = recording.column('pid')?.find((pid) => !Number.isNaN(pid));
  if (sampled === undefined || target.pid === null || sampled === target.pid) return;
  throw usageError(
    `${samplesPath} samples process ${sampled}, but ${RUN_FILES.manifest} is about ${target.pid}: these files are of two runs`,
  );
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw usageError(
      `cannot read ${path}: ${messageOf(cause)}; give the directory of a run that leak-soak run wrote`,
      cause,
    );
  }
}
