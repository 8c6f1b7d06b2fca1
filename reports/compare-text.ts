import type {
  ComparedGrowth,
  Comparison,
  ComparisonOutcome,
  MetricComparison,
  SettingDifference,
} from '../harness/core/comparison.js';
import { formatGrowthWithInterval, formatQuantity, formatRate } from '../harness/core/units.js';
import type { Colours } from './colours.js';
import { type Cell, renderTable, type TableColumn } from './table.js';

/** What a comparison's text needs beside it. */
export interface ComparisonTextOptions {
  readonly colours: Colours;
  /** How the two runs are called, e.g. their directories. */
  readonly before: string;
  readonly after: string;
}

const GROWTH_COLUMNS: readonly TableColumn[] = [
  { heading: 'metric', align: 'left' },
  { heading: 'before', align: 'right' },
  { heading: 'after', align: 'right' },
  { heading: 'difference', align: 'right' },
  { heading: 'tolerance', align: 'right' },
  { heading: 'outcome', align: 'left' },
];

const LEVEL_COLUMNS: readonly TableColumn[] = [
  { heading: 'level (median)', align: 'left' },
  { heading: 'before', align: 'right' },
  { heading: 'after', align: 'right' },
];

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
      [`${colours.red('REFUSED')}  the two runs are unlike, their growth cannot be compared`],
      sides,
      settingLines(comparison.differences),
      ['repeat one of them with the settings of the other, or compare all the same with --force'],
    ]);
  }
  const paint = outcomePainter(colours)(comparison.outcome);
  return joined([
    [`${paint(comparison.outcome.toUpperCase())}  ${why(comparison.outcome, comparison.metrics)}`],
    sides,
    renderTable(
      GROWTH_COLUMNS,
      comparison.metrics.map((metric) => growthRow(metric, colours)),
    ),
    renderTable(LEVEL_COLUMNS, comparison.metrics.map(levelRow)),
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
  if (deciding !== undefined && outcome !== 'no-difference') return deciding.reason;
  if (outcome === 'no-difference') return 'no metric that decides grows faster than before';
  return 'the two runs do not allow an answer: see the warnings';
}

function outcomePainter(colours: Colours): (outcome: ComparisonOutcome) => (text: string) => string {
  return (outcome) => {
    if (outcome === 'regressed') return colours.red;
    return outcome === 'inconclusive' ? colours.yellow : colours.green;
  };
}

function growthRow(metric: MetricComparison, colours: Colours): Cell[] {
  const { unit, differencePerMin, halfWidthPerMin } = metric;
  const shown = metric.decides ? metric.outcome : `${metric.outcome} (shown only)`;
  return [
    { text: metric.metric },
    { text: growthText(metric.before, metric) },
    { text: growthText(metric.after, metric) },
    { text: intervalText(differencePerMin, halfWidthPerMin, metric) },
    { text: formatRate(metric.tolerancePerMin, unit) },
    { text: shown, paint: outcomePainter(colours)(metric.outcome) },
  ];
}

function levelRow({ metric, unit, before, after }: MetricComparison): Cell[] {
  const level = (side: ComparedGrowth): Cell => ({
    text: side.level === null ? '-' : formatQuantity(side.level, unit),
  });
  return [{ text: metric }, level(before), level(after)];
}

function growthText(side: ComparedGrowth, metric: MetricComparison): string {
  return intervalText(side.growthPerMin, side.halfWidthPerMin, metric);
}

/** A growth in the unit of its tolerance or larger; `-` where there is none. */
function intervalText(growth: number | null, halfWidth: number | null, metric: MetricComparison): string {
  if (growth === null || halfWidth === null) return '-';
  return formatGrowthWithInterval(growth, halfWidth, metric.unit, metric.tolerancePerMin);
}

function settingLines(differences: readonly SettingDifference[]): string[] {
  return renderTable(
    SETTING_COLUMNS,
    differences.map(({ setting, before, after }) => [{ text: setting }, { text: before }, { text: after }]),
  );
}
