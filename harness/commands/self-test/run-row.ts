import { type MatrixRow, type RowResult, rowName } from '../../core/matrix.js';
import { judgeRow } from '../../verdict/judge-row.js';
import { runApart } from './run-apart.js';

/** A run that could not tell is repeated once, in a folder of its own: the machine may have been busy. */
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
  const fault = row.fault === null ? [] : ['--fault', row.fault.id];
  const flags = ['--scenario', row.scenario, ...fault, ...runFlags];
  for (let attempts = 1; ; attempts++) {
    const ownFolder = attempts === 1 ? folder : `${folder}-${attempts}`;
    const verdict = await runApart({ name: rowName(row), flags, folder: ownFolder }, signal);
    const judged = judgeRow(row, verdict);
    if (judged.asDeclared === null && attempts < MAX_ATTEMPTS) continue;
    const tookMs = performance.now() - beganMs;
    return { row, ...judged, outcome: verdict.verdict, tookMs, attempts, folder: ownFolder };
  }
}
