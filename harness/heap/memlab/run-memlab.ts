import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MemlabReport } from '../../core/culprit.js';
import { usageError } from '../../core/errors.js';
import { askProcess, type ProcessUsage } from '../ask-process.js';
import type { MemlabRequest } from './main.js';

const PACKAGE = '@memlab/core';

/** What its method needs: before, after, and after what should have gone is gone. */
const SNAPSHOTS = 3;

export interface MemlabDeps {
  /** The compiled `main.js`; the default stands beside the compiled form of this file. */
  readonly module: URL;
}

/** Where memlab is installed, from the current folder or beside us; null when it is not. */
export function findMemlab(folder = process.cwd()): string | null {
  for (const from of [pathToFileURL(join(folder, 'x.js')), import.meta.url]) {
    try {
      return createRequire(from).resolve(PACKAGE);
    } catch {
      // Not there: the next place may have it.
    }
  }
  return null;
}

/** Throws `usage` when memlab could not compare these files, with the way to make it. */
export function requireMemlab(files: readonly string[]): string {
  if (files.length !== SNAPSHOTS) {
    throw usageError(`--engine memlab compares exactly ${SNAPSHOTS} snapshots, not ${files.length}`);
  }
  const packed = files.find((file) => file.endsWith('.gz'));
  if (packed !== undefined)
    throw usageError(`--engine memlab reads no gzip: unpack ${packed} first (gzip -d)`);
  const core = findMemlab();
  if (core !== null) return core;
  throw usageError(
    `--engine memlab: ${PACKAGE} is not installed here; get it with ` +
      `"PUPPETEER_SKIP_DOWNLOAD=1 npm install --no-save ${PACKAGE}@2.0.5", or use --engine own`,
  );
}

/** What memlab makes of three snapshots, in a process with a working folder of its own. Throws as `requireMemlab`. */
export async function runMemlab(
  files: readonly string[],
  { signal }: { readonly signal?: AbortSignal } = {},
  { module = new URL('./main.js', import.meta.url) }: Partial<MemlabDeps> = {},
): Promise<{ readonly report: MemlabReport; readonly usage: ProcessUsage }> {
  const core = requireMemlab(files);
  const workDir = mkdtempSync(join(tmpdir(), 'leak-soak-memlab-'));
  try {
    const request: MemlabRequest = { core, files: files.map((file) => resolve(file)), workDir };
    const env = { ...process.env, TMPDIR: workDir };
    const { result, usage } = await askProcess<MemlabReport>(module, request, { signal, env });
    return { report: result, usage };
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
}
