import type { FaultInfo } from '../harness/core/fault.js';
import type { MetricInfo } from '../harness/core/metric.js';

/** What `leak-soak list scenarios` shows of a scenario. */
export interface ScenarioRow {
  readonly name: string;
  readonly summary: string;
  readonly exposes: readonly string[];
  readonly defaults: { readonly durationMs: number; readonly ratePerSec: number };
}

export function formatScenarios(rows: readonly ScenarioRow[]): string {
  return section(
    'Scenarios',
    rows.map((row) => [
      row.name,
      row.summary,
      `exposes ${row.exposes.join(', ') || 'no fault'}; ${row.defaults.durationMs / 1000} s at ` +
        `${row.defaults.ratePerSec}/s by default`,
    ]),
  );
}

export function formatFaults(rows: readonly FaultInfo[]): string {
  return section(
    'Faults of the built-in node',
    rows.map((row) => [
      row.id,
      `${row.structure} (${row.system} ${row.leak})`,
      `grows by ${row.trigger}; shows in ${row.finding ?? row.metric}, held by ${row.retainer}`,
    ]),
  );
}

export function formatMetrics(rows: readonly (MetricInfo & { readonly name: string })[]): string {
  return section(
    'Metrics',
    rows.map((row) => [row.name, row.meaning, `column ${row.column}, in ${row.unit}`]),
  );
}

/** A heading, then per entry its name and first line, with the other lines below. */
function section(title: string, entries: readonly (readonly [string, string, string])[]): string {
  const width = Math.max(0, ...entries.map(([name]) => name.length));
  const lines = entries.flatMap(([name, first, second]) => [
    `  ${name.padEnd(width)}  ${first}`,
    `  ${' '.repeat(width)}  ${second}`,
  ]);
  return `${[title, ...lines].join('\n')}\n`;
}
