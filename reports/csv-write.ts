import { stringify } from 'csv-stringify/sync';
import type { GaugeName } from '../harness/core/gauge.js';
import { PROCESS_COLUMNS, type ProcessRow } from '../harness/core/process-row.js';
import { SAMPLE_COLUMNS, type Sample } from '../harness/core/sample.js';

/** The header line of `samples.csv`, newline included; the target's gauges stand behind the fixed columns. */
export function csvHeader(gauges: readonly GaugeName[] = []): string {
  return stringify([[...SAMPLE_COLUMNS.map(([column]) => column), ...gauges]]);
}

/**
 * One row of `samples.csv`, newline included: RFC 4180 quoting, lines ended by LF so that line tools see no
 * stray CR. A value that was not read is an empty cell; numbers are in base units in their shortest exact form.
 */
export function csvRow(sample: Sample, gauges: readonly GaugeName[] = []): string {
  const fixed = SAMPLE_COLUMNS.map(([, field]) => cell(sample[field]));
  return stringify([[...fixed, ...gauges.map((name) => cell(sample.gauges[name] ?? null))]]);
}

/** The header line of `processes.csv`, newline included. */
export function processesHeader(): string {
  return stringify([PROCESS_COLUMNS.map(([column]) => column)]);
}

/** Rows of `processes.csv`, by the rules of `samples.csv`. */
export function processRows(rows: readonly ProcessRow[]): string {
  return stringify(rows.map((row) => PROCESS_COLUMNS.map(([, field]) => cell(row[field]))));
}

/** A number that is not finite was not read either. */
function cell(value: string | number | null): string {
  return value === null || (typeof value === 'number' && !Number.isFinite(value)) ? '' : String(value);
}
