import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { couldNotRun } from '../../core/errors.js';
import type { RunVerdict } from '../../core/verdict.js';

/** The compiled command itself: each run is one as anybody would start it. */
const CLI = fileURLToPath(new URL('../../cli.js', import.meta.url));

/** A run in a process of its own. */
export interface RunApart {
  /** What messages call it. */
  readonly name: string;
  /** Of `leak-soak run`, besides those that say where and how it prints. */
  readonly flags: readonly string[];
  /** Its directory; what is in it is overwritten. */
  readonly folder: string;
}

/**
 * Runs it to its end. Throws `could-not-run` when the process prints no verdict, and the signal's reason when it
 * aborts.
 */
export async function runApart({ name, flags, folder }: RunApart, signal: AbortSignal): Promise<RunVerdict> {
  signal.throwIfAborted();
  const args = ['run', ...flags, '--json', '--quiet', '--force', '--out', folder];
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const printed: Buffer[] = [];
  const complaints: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
  // In good order: the run ends its own processes.
  const interrupt = (): void => void child.kill('SIGINT');
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('error', (cause) => reject(couldNotRun(`cannot start a run: ${cause.message}`, cause)));
      child.once('close', () => resolve());
    });
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
  signal.throwIfAborted();
  try {
    return JSON.parse(Buffer.concat(printed).toString('utf8')) as RunVerdict;
  } catch (cause) {
    const said = Buffer.concat(complaints).toString('utf8').trim();
    throw couldNotRun(`${name} ended without a verdict: ${said || 'it printed nothing'}`, cause);
  }
}
