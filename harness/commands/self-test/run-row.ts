import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { couldNotRun } from '../../core/errors.js';
import { type MatrixRow, type RowResult, rowName } from '../../core/matrix.js';
import type { RunVerdict } from '../../core/verdict.js';
import { judgeRow } from '../../verdict/judge-row.js';

/** The compiled command itself: each row is a run as anybody would start it. */
const CLI = fileURLToPath(new URL('../../cli.js', import.meta.url));

/** A run that could not tell is repeated once: the machine may have been busy. */
const MAX_ATTEMPTS = 2;

/**
 * Runs a row in a process of its own and judges it. Throws `could-not-run` when the process prints no verdict, and the
 * signal's reason when it aborts.
 */
export async function runRow(
  row: MatrixRow,
  folder: string,
  runFlags: readonly string[],
  signal: AbortSignal,
): Promise<RowResult> {
  const beganMs = performance.now();
  for (let attempts = 1; ; attempts++) {
    const verdict = await runOnce(row, folder, runFlags, signal);
    const judged = judgeRow(row, verdict);
    if (judged.asDeclared === null && attempts < MAX_ATTEMPTS) continue;
    const tookMs = performance.now() - beganMs;
    return { row, ...judged, outcome: verdict.verdict, tookMs, attempts, folder };
  }
}

async function runOnce(
  row: MatrixRow,
  folder: string,
  runFlags: readonly string[],
  signal: AbortSignal,
): Promise<RunVerdict> {
  signal.throwIfAborted();
  const fault = row.fault === null ? [] : ['--fault', row.fault.id];
  const args = ['run', '--scenario', row.scenario, ...fault, ...runFlags];
  const child = spawn(process.execPath, [CLI, ...args, '--json', '--quiet', '--force', '--out', folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
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
    throw couldNotRun(`${rowName(row)} ended without a verdict: ${said || 'it printed nothing'}`, cause);
  }
}
