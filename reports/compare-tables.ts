import type {
  ComparedSide,
  ComparisonOutcome,
  LevelChange,
  MetricComparison,
} from '../harness/core/comparison.js';
import type { MetricUnit } from '../harness/core/metric.js';
import { formatGrowthWithInterval, formatQuantity, formatRate } from '../harness/core/units.js';
import type { Colours } from './colours.js';
import { type Cell, renderTable, type TableColumn } from './table.js';

const right = (heading: string): TableColumn => ({ heading, align: 'right' });
const left = (heading: string): TableColumn => ({ heading, align: 'left' });

const GROWTH_COLUMNS: readonly TableColumn[] = [
  left('metric'),
  right('before'),
  right('after'),
  right('difference'),
  right('effect'),
  right('tolerance'),
  right('could see'),
  left('outcome'),
];

/** How a comparison's outcome is coloured. */
export function outcomePainter(colours: Colours): (outcome: ComparisonOutcome) => (text: string) => string {
  return (outcome) => {
    if (outcome === 'regressed') return colours.red;
    return outcome === 'inconclusive' ? colours.yellow : colours.green;
  };
}

/** Growth of every metric side by side. */
export function growthLines(metrics: readonly MetricComparison[], colours: Colours): string[] {
  return renderTable(
    GROWTH_COLUMNS,
    metrics.map((metric): Cell[] => {
      const { unit, outcome, detectionFloorPerMin: floor } = metric;
      const { differencePerMin, halfWidthPerMin } = metric;
      return [
        { text: metric.metric },
        { text: sideText(metric.before, metric) },
        { text: sideText(metric.after, metric) },
        { text: intervalText(differencePerMin, halfWidthPerMin, metric) },
        { text: effectText(metric.effectSize) },
        { text: formatRate(metric.tolerancePerMin, unit) },
        { text: floor === null ? '-' : `≥ ${formatRate(floor, unit)}` },
        {
          text: metric.decides ? outcome : `${outcome} (shown only)`,
          paint: outcomePainter(colours)(outcome),
        },
      ];
    }),
  );
}

/** The difference in each pair, a column per pair: of those not left out the one above is the mean. */
export function pairLines(metrics: readonly MetricComparison[], count: number): string[] {
  const numbers = Array.from({ length: count }, (_, i) => right(`pair ${i + 1}`));
  return renderTable(
    [left('difference'), ...numbers],
    metrics.map((metric) => [
      { text: metric.metric },
      ...metric.pairs.map((pair) => ({
        text: `${intervalText(pair?.differencePerMin ?? null, pair?.halfWidthPerMin ?? null, metric)}${pair?.leftOut === true ? ' (left out)' : ''}`,
      })),
    ]),
  );
}

/** Levels and peaks, before, after and what changed. */
export function levelLines(metrics: readonly MetricComparison[]): string[] {
  return [
    ...renderTable(
      [left('level (median)'), right('before'), right('after'), right('change'), right('effect')],
      metrics.map((metric) => [
        ...levelCells(metric, ({ level }) => level, metric.levelChange),
        { text: effectText(metric.levelEffectSize) },
      ]),
    ),
    '',
    ...renderTable(
      [left('peak'), right('before'), right('after'), right('change')],
      metrics.map((metric) => levelCells(metric, ({ peak }) => peak, metric.peakChange)),
    ),
  ];
}

function levelCells(
  { metric, unit, before, after }: MetricComparison,
  readingOf: (side: ComparedSide) => number | null,
  change: LevelChange | null,
): Cell[] {
  const cell = (value: number | null): Cell => ({ text: value === null ? '-' : formatQuantity(value, unit) });
  return [
    { text: metric },
    cell(readingOf(before)),
    cell(readingOf(after)),
    { text: changeText(change, unit) },
  ];
}

/** `+1.2 MiB ± 0.1 MiB (+4.0 %)`; the interval where there is one. */
function changeText(change: LevelChange | null, unit: MetricUnit): string {
  if (change === null) return '-';
  const { difference, halfWidth, percent } = change;
  const sign = difference > 0 ? '+' : '';
  const interval = halfWidth === null ? '' : ` ± ${formatQuantity(halfWidth, unit)}`;
  const share = percent === null ? '' : ` (${sign}${Number(percent.toFixed(1)) + 0} %)`;
  return `${sign}${formatQuantity(difference, unit)}${interval}${share}`;
}

/** Cohen's d; two digits are more than it is known to. */
function effectText(effectSize: number | null): string {
  return effectSize === null ? '-' : `${Number(effectSize.toFixed(1)) + 0} σ`;
}

function sideText(side: ComparedSide, metric: MetricComparison): string {
  return intervalText(side.growthPerMin, side.halfWidthPerMin, metric);
}

/** A growth in the unit of its tolerance or larger; `-` where there is none. */
function intervalText(growth: number | null, halfWidth: number | null, metric: MetricComparison): string {
  if (growth === null || halfWidth === null) return '-';
  return formatGrowthWithInterval(growth, halfWidth, metric.unit, metric.tolerancePerMin);
}
