import { formatGrowthWithInterval, formatRate } from '../harness/core/units.js';
import type { MetricVerdict, RunOutcome } from '../harness/core/verdict.js';
import type { Colours } from './colours.js';
import type { Cell, TableColumn } from './table.js';

/** Turns an outcome into the painter of its words. */
export type OutcomePainter = (outcome: RunOutcome) => (text: string) => string;

/** Green for a pass, red for a fail or an error, yellow where the run cannot tell. */
export function outcomePainter(colours: Colours): OutcomePainter {
  return (outcome) => {
    if (outcome === 'pass') return colours.green;
    return outcome === 'fail' || outcome === 'error' ? colours.red : colours.yellow;
  };
}

/** The columns that every table of judged metrics has; a table adds its own between them. */
export const METRIC_COLUMNS = {
  metric: { heading: 'metric', align: 'left' },
  growth: { heading: 'growth ± 90 %', align: 'right' },
  budget: { heading: 'budget', align: 'right' },
  floor: { heading: 'could see', align: 'right' },
  readings: { heading: 'readings', align: 'right' },
  verdict: { heading: 'verdict', align: 'left' },
} as const satisfies Record<string, TableColumn>;

/** The cells of one judged metric by column; a figure that there is not is a dash. */
export function metricCells(
  metric: MetricVerdict,
  paint: OutcomePainter,
): Readonly<Record<keyof typeof METRIC_COLUMNS, Cell>> {
  const { growthPerMin, halfWidthPerMin, budgetPerMin, detectionFloorPerMin, unit } = metric;
  const growth =
    growthPerMin === null || halfWidthPerMin === null
      ? '-'
      : formatGrowthWithInterval(growthPerMin, halfWidthPerMin, unit, budgetPerMin);
  return {
    metric: { text: metric.metric },
    growth: { text: growth },
    budget: { text: formatRate(budgetPerMin, unit) },
    floor: { text: detectionFloorPerMin === null ? '-' : `≥ ${formatRate(detectionFloorPerMin, unit)}` },
    readings: { text: String(metric.samples) },
    verdict: { text: metric.verdict, paint: paint(metric.verdict) },
  };
}
