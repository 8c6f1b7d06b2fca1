import { f1, precision, recall, type Score, undecidedShare, wrongShare } from './scores.js';

/** Columns of text aligned to the right, the first to the left. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
  return rows.map(line).join('\n');
}

const HEADER = ['P', 'R', 'F1', 'false fails', 'false passes', 'undecided', 'wrong/decided'];

/** A table of scores, one row each. */
export function formatScores(title: string, scores: readonly (readonly [string, Score])[]): string {
  const rows = scores.map(([name, score]) => [
    name,
    precision(score).toFixed(3),
    recall(score).toFixed(3),
    f1(score).toFixed(4),
    `${score.falseFails}/${score.clean}`,
    `${score.falsePasses}/${score.leaks}`,
    percent(undecidedShare(score)),
    percent(wrongShare(score)),
  ]);
  return formatTable([[title, ...HEADER], ...rows]);
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
