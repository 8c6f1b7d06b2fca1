import { usageError } from '../harness/core/errors.js';
import { isGauge } from '../harness/core/gauge.js';
import { METRICS } from '../harness/core/metric.js';
import { type ColumnName, SAMPLE_COLUMNS } from '../harness/core/sample.js';

const KNOWN: readonly string[] = SAMPLE_COLUMNS.map(([column]) => column);
const REQUIRED: readonly string[] = ['elapsed_ms', 'phase'];
const METRIC_COLUMNS: readonly string[] = Object.values(METRICS).map(({ column }) => column);

/** Where the columns stand in a file: position by name. */
export type ColumnPositions = ReadonlyMap<ColumnName, number>;

/**
 * Checks a header line. It must name `elapsed_ms`, `phase` and at least one metric's column, each column once
 * and none that is unknown: a misspelt metric must not pass for one that was not recorded.
 */
export function columnPositions(header: readonly string[], where: string): ColumnPositions {
  if (!header.some((cell) => KNOWN.includes(cell))) {
    throw usageError(`${where}: no header with our columns, found "${shortened(header)}": ${EXPECTED}`);
  }
  const missing = REQUIRED.filter((column) => !header.includes(column));
  if (!header.some((column) => METRIC_COLUMNS.includes(column) || isGauge(column))) {
    missing.push(`a metric (one of ${METRIC_COLUMNS.join(', ')})`);
  }
  const unexpected = header.filter((column) => !KNOWN.includes(column) && !isGauge(column));
  if (missing.length > 0 || unexpected.length > 0) {
    const parts = [
      ...(missing.length > 0 ? [`missing ${missing.join(' and ')}`] : []),
      ...(unexpected.length > 0 ? [`unexpected "${shortened(unexpected)}"`] : []),
    ];
    throw usageError(`${where}: not the columns of samples.csv: ${parts.join('; ')}: ${EXPECTED}`);
  }
  const repeated = header.find((column, i) => header.indexOf(column) !== i);
  if (repeated !== undefined) {
    throw usageError(`${where}: the column ${repeated} stands twice: keep one of them`);
  }
  return new Map(header.map((column, i) => [column as ColumnName, i]));
}

/** The first few cells of a line, cut to what a message can hold. */
function shortened(cells: readonly string[]): string {
  const shown = cells.slice(0, 4).map((cell) => (cell.length > 30 ? `${cell.slice(0, 30)}…` : cell));
  return shown.join(',') + (cells.length > shown.length ? ',…' : '');
}

const EXPECTED = 'give a samples.csv that leak-soak wrote, or rename the columns to its names';
