import { usageError } from '../../harness/core/errors.js';
import { type MetricName, metricInfo } from '../../harness/core/metric.js';
import { parseMetricName } from '../../harness/core/metric-limits.js';
import type { RowMetric } from './metric-column.js';

/** Milliseconds per unit of a time column; `iso` is a date and time instead of a number. */
const TIME_UNITS: Readonly<Record<string, number | 'iso'>> = {
  ms: 1,
  s: 1e3,
  min: 60e3,
  h: 3600e3,
  iso: 'iso',
};

/** Bytes per unit: decimal prefixes count in 10³ however they are spelled, binary ones in 2¹⁰. */
const BYTE_UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/** Where the time stands and what it is counted in. */
export interface TimeColumn {
  readonly column: string;
  readonly unit: number | 'iso';
}

/** Which columns of a table are what. */
export interface ColumnMap {
  readonly time: TimeColumn;
  readonly metrics: readonly RowMetric[];
  readonly load: string | null;
  readonly pid: string | null;
}

/** A time column from `t:s`, `timestamp:iso` or, in seconds, `t`. */
export function parseTimeColumn(text: string): TimeColumn {
  const { column, unit = 's' } = splitUnit(text, '--time');
  return { column, unit: unitOf(TIME_UNITS, unit, `--time "${text}"`, 'a time') };
}

/** A metric's column from `rss=value:MiB`; without a unit bytes for memory, and counts as they are. */
export function parseMetricColumn(text: string): RowMetric {
  const equals = text.indexOf('=');
  if (equals < 1) {
    throw usageError(`--map "${text}" is not METRIC=COL[:unit]: write e.g. rss=value:MiB or fds=count`);
  }
  const metric = parseMetricName(text.slice(0, equals).trim());
  const { column, unit } = splitUnit(text.slice(equals + 1), '--map');
  return { metric, column, scale: unit === undefined ? 1 : scaleOf(metric, unit, text) };
}

function scaleOf(metric: MetricName, unit: string, text: string): number {
  const { unit: kind } = metricInfo(metric);
  if (kind === 'bytes') return unitOf(BYTE_UNITS, unit, `--map "${text}"`, metric);
  if (unit === 'count') return 1;
  if (kind === 'number') return unitOf(BYTE_UNITS, unit, `--map "${text}"`, metric);
  throw usageError(
    `--map "${text}": ${metric} is a ${kind === 'count' ? kind : 'percentage'} and has no unit "${unit}": leave it out`,
  );
}

/** `COL:unit` at its last colon, so that a column's own name may hold others. */
function splitUnit(text: string, option: string): { column: string; unit?: string } {
  const colon = text.lastIndexOf(':');
  const column = (colon < 0 ? text : text.slice(0, colon)).trim();
  if (column === '') throw usageError(`${option} "${text}" names no column: write COL[:unit]`);
  return colon < 0 ? { column } : { column, unit: text.slice(colon + 1).trim() };
}

function unitOf<Unit>(units: Readonly<Record<string, Unit>>, unit: string, where: string, of: string): Unit {
  const known = Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (known !== undefined) return known;
  throw usageError(`${where}: "${unit}" is no unit of ${of}: write one of ${Object.keys(units).join(', ')}`);
}
