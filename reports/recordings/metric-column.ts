import { usageError } from '../../harness/core/errors.js';
import type { RecordingNote } from '../../harness/core/foreign-recording.js';
import { type MetricName, metricInfo } from '../../harness/core/metric.js';

/** One metric that a reader finds in its rows. */
export interface RowMetric {
  readonly metric: MetricName;
  /** Its name in the file, for messages. */
  readonly column: string;
  /** Base units per unit of the file. */
  readonly scale: number;
}

/** Stands for a cell that holds no reading. */
export const NO_READING = Number.NaN;

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** What samplers write where they read nothing. */
const NOTHING = /^(?:|-|nan|[+-]?inf(?:inity)?|null|none|n\/?a)$/i;

/** A decimal number from a cell; NaN for anything else, blanks and `0x10` among it. */
export function numberOf(cell: string): number {
  return DECIMAL.test(cell) ? Number(cell) : Number.NaN;
}

/** The readings of one metric as they come in, in base units. */
export interface MetricColumn {
  readonly metric: MetricName;
  /** One value per row, NaN where there is no reading. */
  readonly values: readonly number[];
  add(cell: string): void;
  /** The larger one of the metric's own step and of the last digit that the file was written with. */
  resolution(): number;
  /** Throws a usage error for a column of words: the wrong one was named. */
  refuseText(): void;
  /** Readings that were left out, if any. */
  notes(): RecordingNote[];
}

/** An empty column; cells that are empty, not finite, negative or no number are left out and counted. */
export function metricColumn({ metric, column, scale }: RowMetric): MetricColumn {
  const values: number[] = [];
  let unread = 0;
  let negative = 0;
  let wording: string | null = null;
  let decimals = 0;
  return {
    metric,
    values,
    add(cell) {
      const value = numberOf(cell) * scale;
      if (value >= 0 && value < Number.POSITIVE_INFINITY) {
        decimals = Math.max(decimals, decimalsOf(cell));
        values.push(value);
        return;
      }
      if (value < 0) negative++;
      else unread++;
      if (Number.isNaN(value) && !NOTHING.test(cell)) wording ??= cell;
      values.push(NO_READING);
    },
    resolution: () => Math.max(metricInfo(metric).resolution, scale / 10 ** decimals),
    refuseText() {
      if (wording === null || unread < values.length) return;
      throw usageError(
        `the column "${column}" holds no numbers, "${wording}" for one: map another to ${metric}`,
      );
    },
    notes() {
      const parts = [
        ...(unread > 0 ? [`${unread} empty or not a finite number`] : []),
        ...(negative > 0 ? [`${negative} below zero`] : []),
      ];
      if (parts.length === 0) return [];
      return [
        {
          concerns: 'note',
          message: `${metric}: left out of ${values.length} cells of "${column}": ${parts.join(', ')}`,
        },
      ];
    },
  };
}

function decimalsOf(cell: string): number {
  if (/e/i.test(cell)) return 15;
  const point = cell.indexOf('.');
  return point < 0 ? 0 : cell.length - point - 1;
}
