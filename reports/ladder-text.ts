import { metricInfo } from '../harness/core/metric.js';
import { type RungResult, rungName } from '../harness/core/rung.js';
import { formatDuration, formatGrowthWithInterval, formatRate } from '../harness/core/units.js';
import { renderTable } from './table.js';

const COLUMNS = [
  { heading: '', align: 'left' },
  { heading: 'rung', align: 'left' },
  { heading: 'metric', align: 'left' },
  { heading: 'floor', align: 'right' },
  { heading: 'leak', align: 'right' },
  { heading: 'measured', align: 'right' },
  { heading: 'verdict', align: 'left' },
  { heading: 'detected after', align: 'right' },
] as const;

/** One rung as soon as it is known. */
export function rungLine({ rung, outcome, asPromised, message }: RungResult): string {
  const [line = ''] = message.split('\n', 1);
  return `${markOf(asPromised)}  ${rungName(rung).padEnd(12)}  ${outcome.padEnd(12)}  ${line}\n`;
}

/** All rungs as a table, and how many keep what is promised; below it where to look at those that do not. */
export function ladderSummary(results: readonly RungResult[]): string {
  const rows = results.map((result) => {
    const { rung, outcome, asPromised, detectedMs, growthPerMin, halfWidthPerMin } = result;
    const { unit } = metricInfo(rung.metric);
    const measured =
      growthPerMin === null || halfWidthPerMin === null
        ? '-'
        : formatGrowthWithInterval(growthPerMin, halfWidthPerMin, unit, rung.floorPerMin);
    return [
      markOf(asPromised),
      rungName(rung),
      rung.metric,
      formatRate(rung.floorPerMin, unit),
      formatRate(rung.share * rung.floorPerMin, unit),
      measured,
      outcome,
      detectedMs === null ? '-' : formatDuration(detectedMs),
    ].map((text) => ({ text }));
  });
  const kept = results.filter(({ asPromised }) => asPromised === true).length;
  const others = results.filter(({ asPromised }) => asPromised !== true);
  return [
    ...renderTable(COLUMNS, rows),
    `${kept} of ${results.length} rungs are as promised: half a floor does not fail, twice a floor does`,
    ...others.map(({ rung, folder }) => `  ${rungName(rung)}: leak-soak analyze ${folder}`),
    '',
  ].join('\n');
}

function markOf(asPromised: boolean | null): string {
  return (asPromised === null ? '?' : asPromised ? 'ok' : 'NOT').padEnd(3);
}
