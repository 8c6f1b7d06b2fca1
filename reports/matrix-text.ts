import { type RowResult, rowName } from '../harness/core/matrix.js';
import { formatDuration } from '../harness/core/units.js';

/** Width of the longest name of a row. */
const NAME_WIDTH = 38;
/** What showed a fault in one line; the whole sentence stands in the run's own report. */
const MESSAGE_WIDTH = 110;

/** One row as soon as it is known. */
export function matrixLine({ row, outcome, asDeclared, message, attempts }: RowResult): string {
  const mark = asDeclared === null ? '?' : asDeclared ? 'ok' : 'NOT';
  const tried = attempts === 1 ? '' : ` (${attempts} attempts)`;
  const [line = ''] = message.split('\n', 1);
  const short = line.length <= MESSAGE_WIDTH ? line : `${line.slice(0, MESSAGE_WIDTH - 1)}…`;
  return `${mark.padEnd(4)}${rowName(row).padEnd(NAME_WIDTH)}  ${outcome.padEnd(12)}  ${short}${tried}\n`;
}

/** What all rows come to, and where to look at those that are not as declared. */
export function matrixSummary(results: readonly RowResult[]): string {
  const good = results.filter(({ asDeclared }) => asDeclared === true).length;
  const took = results.reduce((sum, { tookMs }) => sum + tookMs, 0);
  const bad = results
    .filter(({ asDeclared }) => asDeclared !== true)
    .map(({ row, folder }) => `  ${rowName(row)}: leak-soak analyze ${folder}\n`);
  return `${good} of ${results.length} rows are as declared (${formatDuration(took)} of runs)\n${bad.join('')}`;
}
