import { createRequire } from 'node:module';
import type { MemlabReport } from '../../core/culprit.js';
import { usageError } from '../../core/errors.js';
import { answerParent } from '../ask-process.js';
import { readTrace } from './read-trace.js';

/** What memlab is asked for. */
export interface MemlabRequest {
  /** Where `@memlab/core` was found. */
  readonly core: string;
  readonly files: readonly string[];
  readonly workDir: string;
}

/** The part of `@memlab/core` 2 that is used: a configuration for the whole process, and one call. */
interface MemlabCore {
  readonly config: Record<string, unknown>;
  readonly ErrorHandling: { readonly Throw: unknown };
  readonly fileManager: { initDirs(config: object, options: { workDir: string }): void };
  readonly analysis: { checkLeak(): Promise<readonly Readonly<Record<string, unknown>>[]> };
}

interface MemlabNode {
  readonly type: string;
  readonly name: string;
}

/** memlab in a process and folder of its own: it writes where it runs, and ends its process when it likes to. */
answerParent(async ({ core, files, workDir }: MemlabRequest): Promise<MemlabReport> => {
  const { config, ErrorHandling, fileManager, analysis } = createRequire(import.meta.url)(core) as MemlabCore;
  Object.assign(config, {
    muteConsole: true,
    errorHandling: ErrorHandling.Throw,
    useExternalSnapshot: true,
    externalSnapshotFilePaths: files,
    workDir,
    // Its own filters look for detached DOM nodes; without one it reports nothing at all of a server.
    externalLeakFilter: {
      leakFilter: ({ type, name }: MemlabNode) => type === 'object' && !name.startsWith('system /'),
    },
  });
  fileManager.initDirs(config, { workDir });
  try {
    return { traces: (await analysis.checkLeak()).map(readTrace) };
  } catch (error) {
    throw usageError(`memlab cannot compare ${files.join(', ')}: ${(error as Error).message}`, error);
  }
});
