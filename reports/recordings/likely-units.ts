import { usageError } from '../../harness/core/errors.js';
import type { ForeignRecording } from '../../harness/core/foreign-recording.js';
import { metricInfo } from '../../harness/core/metric.js';
import type { ColumnMap, TimeColumn } from './column-map.js';

/** No process holds less: one page. */
const PAGE_BYTES = 4096;

/** Later than the year 5000: no clock shows it, a wrong unit does. */
const LATEST_MS = 1e14;

const MS_PER_YEAR = 365.2425 * 86_400_000;

/** Units in which a clock that counts from 1970 may stand, the coarser first. */
const EPOCH_UNITS = [
  ['s', 1000],
  ['ms', 1],
] as const;

/** Refuses memory that is below one page in every row: read in the wrong unit, no leak would ever show. */
export function refuseTinyMemory({ series }: ForeignRecording, { metrics }: ColumnMap): void {
  for (const { metric, values } of series) {
    const { unit, neverZero } = metricInfo(metric);
    const most = values.reduce((largest, value) => Math.max(largest, value), 0);
    if (unit !== 'bytes' || !neverZero || most === 0 || most >= PAGE_BYTES) continue;
    const column = metrics.find((mapped) => mapped.metric === metric)?.column ?? metric;
    throw usageError(
      `every reading of ${metric} in "${column}" is below one page (${PAGE_BYTES} bytes): ` +
        `is its unit MiB? Write --map ${metric}=${column}:MiB`,
    );
  }
}

/** Refuses a time far in the future: seconds that are milliseconds stretch an hour to six weeks. */
export function refuseFarTime(cell: string, timeMs: number, line: number, { column }: TimeColumn): void {
  if (timeMs <= LATEST_MS) return;
  const year = Math.round(1970 + timeMs / MS_PER_YEAR);
  const fitting = EPOCH_UNITS.find(([, perUnit]) => Number(cell) * perUnit <= LATEST_MS)?.[0];
  const advice = fitting === undefined ? 'convert it to milliseconds' : `write --time ${column}:${fitting}`;
  throw usageError(`line ${line}: the time "${cell}" lies in the year ${year}: ${advice}`);
}
