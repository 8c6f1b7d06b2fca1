import type { MetricVerdict } from '../../harness/core/verdict.js';
import { MAX_INCONCLUSIVE_NIGHTS, type NightRow } from './night.js';

const MARKS = { good: '✅', failed: '❌', regressed: '❌', inconclusive: '⚠️', broken: '💥' } as const;

/** A night as a GitHub job summary in Markdown: a table of the scenarios, then what is wrong, in words. */
export function nightSummary(rows: readonly NightRow[]): string {
  const lines = [
    '# Nightly soak',
    '',
    '| scenario | night | what decided | beside the last good night |',
    '| --- | --- | --- | --- |',
    ...rows.map(
      (row) =>
        `| ${escaped(row.scenario)} | ${MARKS[row.outcome]} ${row.outcome} | ${escaped(reasonOf(row))} | ${escaped(besideOf(row))} |`,
    ),
  ];
  const waiting = rows.filter(({ inconclusiveNights }) => inconclusiveNights > 0);
  if (waiting.length > 0) {
    lines.push(
      '',
      `A scenario without an answer on ${MAX_INCONCLUSIVE_NIGHTS} nights in a row fails the job:`,
      '',
    );
    for (const row of waiting) lines.push(`- ${escaped(row.scenario)}: ${row.inconclusiveNights} by now`);
  }
  const repeat = rows
    .filter(({ outcome }) => outcome !== 'good')
    .flatMap(({ verdict }) => verdict?.reproduce ?? []);
  if (repeat.length > 0)
    lines.push('', 'To repeat what was not good:', '', ...repeat.map((line) => `    ${line}`));
  return `${lines.join('\n')}\n`;
}

/** The sentence that says why a run ended as it did. */
export function reasonOf({ verdict, outcome, beside }: NightRow): string {
  if (outcome === 'regressed' && beside.state === 'compared' && beside.comparison.state === 'compared') {
    const worse = beside.comparison.metrics.find(
      (metric) => metric.outcome === 'regressed' && metric.decides,
    );
    if (worse !== undefined) return worse.reason;
  }
  if (verdict === null) return 'the run printed no verdict';
  const deciding = verdict.metrics.filter((metric) => metric.decides);
  const named = deciding.find((metric): metric is MetricVerdict => metric.verdict === verdict.verdict);
  const finding = verdict.findings.find(({ severity }) => severity === 'error');
  const warning = verdict.warnings.find(({ message }) => message !== '');
  if (verdict.verdict === 'fail' && named === undefined) return finding?.message ?? verdict.verdict;
  return named?.reason ?? finding?.message ?? warning?.message ?? verdict.verdict;
}

function besideOf({ beside }: NightRow): string {
  if (beside.state === 'no-baseline') return beside.why;
  const { comparison } = beside;
  if (comparison.state === 'refused') return 'not comparable';
  return comparison.outcome.replace('-', ' ');
}

/** Text of a run within a table cell: nothing of it is Markdown or HTML. */
function escaped(text: string): string {
  return text.replace(/[\\|`*_[\]<>&#]/g, (sign) => `&#${sign.charCodeAt(0)};`).replace(/\s+/g, ' ');
}
