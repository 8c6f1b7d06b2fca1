import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { GrowthReport } from '../core/culprit.js';
import { couldNotRun, HarnessError } from '../core/errors.js';
import type { AnalysisAnswer, AnalysisRequest } from './protocol.js';

export interface AnalyseOptions {
  /** Operations between two snapshots; null or left out when not known. */
  readonly operations?: number | null;
  /** Ends the analysis; its reason is thrown. */
  readonly signal?: AbortSignal;
}

export interface AnalyseDeps {
  /** The compiled `main.js`; the default stands beside the compiled form of this file. */
  readonly module: URL;
}

/** A report, and what it took to come to it. */
export interface Analysis {
  readonly report: GrowthReport;
  /** Of the process that made it. */
  readonly peakRssBytes: number;
}

/**
 * Finds what grew over two or more heap snapshots of one process, in the order in which they were taken. Works in a
 * process of its own, so that neither its memory nor its time is the caller's.
 *
 * Throws `usage` naming the file that cannot be read as a heap snapshot, and `could-not-run` when the process dies.
 */
export async function analyseGrowth(
  files: readonly string[],
  { operations = null, signal }: AnalyseOptions = {},
  { module = new URL('./main.js', import.meta.url) }: Partial<AnalyseDeps> = {},
): Promise<Analysis> {
  signal?.throwIfAborted();
  const path = fileURLToPath(module);
  if (!existsSync(path)) throw couldNotRun(`${path} is missing; build it with "npm run build"`);
  const child = fork(path, [], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
    detached: true,
  });
  const kill = (): void => void child.kill('SIGKILL');
  signal?.addEventListener('abort', kill, { once: true });
  try {
    const answer = await new Promise<AnalysisAnswer>((resolve, reject) => {
      child.once('message', (message) => resolve(message as AnalysisAnswer));
      child.once('error', reject);
      child.once('exit', (code, killedBy) => reject(died(killedBy ?? `exit ${code}`)));
      child.send({ files, operations } satisfies AnalysisRequest, (error) => {
        if (error !== null) reject(died(error.message));
      });
    });
    if (answer.kind === 'error') throw new HarnessError(answer.code, answer.message);
    return answer;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', kill);
    kill();
  }
}

function died(how: string): HarnessError {
  return couldNotRun(
    `the process that compares heap snapshots ended (${how}), most likely for lack of memory: ` +
      'it needs about twice the size of the largest file',
  );
}
