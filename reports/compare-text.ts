import type {
  Comparison,
  ComparisonOutcome,
  MetricComparison,
  SettingDifference,
} from '../harness/core/comparison.js';
import type { Colours } from './colours.js';
import { growthLines, levelLines, outcomePainter, pairLines } from './compare-tables.js';
import { renderTable, type TableColumn } from './table.js';

/** What a comparison's text needs beside it. */
export interface ComparisonTextOptions {
  readonly colours: Colours;
  /** How the two sides are called, e.g. the directories of their runs. */
  readonly before: string;
  readonly after: string;
}

const SETTING_COLUMNS: readonly TableColumn[] = [
  { heading: 'setting', align: 'left' },
  { heading: 'before', align: 'left' },
  { heading: 'after', align: 'left' },
];

/** The comparison for people: outcome and why, growth side by side, levels, and what else differs. */
export function comparisonText(comparison: Comparison, options: ComparisonTextOptions): string {
  const { colours, before, after } = options;
  const sides = [`before: ${before}`, `after:  ${after}`];
  if (comparison.state === 'refused') {
    return joined([
      [`${colours.red('REFUSED')}  the runs are unlike, their growth cannot be compared`],
      sides,
      settingLines(comparison.differences),
      ['repeat one of them with the settings of the other, or compare all the same with --force'],
    ]);
  }
  const { outcome, metrics, pairs } = comparison;
  const paint = outcomePainter(colours)(outcome);
  return joined([
    [`${paint(outcome.toUpperCase())}  ${why(outcome, metrics)}`],
    sides,
    growthLines(metrics, colours),
    pairs === 1 ? [] : pairLines(metrics, pairs),
    levelLines(metrics),
    comparison.differences.length === 0 ? [] : settingLines(comparison.differences),
    comparison.warnings.map((warning) => `${colours.yellow('warning')}: ${warning}`),
  ]);
}

function joined(blocks: readonly (readonly string[])[]): string {
  const filled = blocks.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** The sentence of the metric that decided; where none did, what that means. */
function why(outcome: ComparisonOutcome, metrics: readonly MetricComparison[]): string {
  const deciding = metrics.find((metric) => metric.decides && metric.outcome === outcome);
  if (deciding !== undefined) return deciding.reason;
  if (outcome === 'no-difference') return 'no metric that decides grows faster than before';
  return 'the runs do not allow an answer: see the warnings';
}

function settingLines(differences: readonly SettingDifference[]): string[] {
  return renderTable(
    SETTING_COLUMNS,
    differences.map(({ setting, before, after }) => [{ text: setting }, { text: before }, { text: after }]),
  );
}
