import type { Command } from 'commander';
import {
  type ColumnMap,
  parseMetricColumn,
  parseTimeColumn,
  type TimeColumn,
} from '../../../reports/recordings/column-map.js';
import type { RowMetric } from '../../../reports/recordings/metric-column.js';
import type { Budget } from '../../core/budget.js';
import { usageError } from '../../core/errors.js';
import { parseDuration } from '../../core/units.js';
import { foreignBudgets } from '../../verdict/judge-series.js';
import { maxGrowthOption } from '../limit-flags.js';

/** Ten years: beyond it a time is a typing error. */
const LONGEST_MS = 10 * 366 * 86_400_000;

/** The flags of `analyze` as commander hands them over. */
export interface AnalyzeFlags {
  readonly json?: boolean;
  readonly maxGrowth: readonly Budget[];
  readonly warmUp?: number;
  readonly cleanupPeriod?: number;
  readonly time?: TimeColumn;
  readonly map: readonly RowMetric[];
  readonly load?: string;
  readonly pid?: string;
}

/** What every file is judged with. */
export interface AnalyzeOptions {
  readonly budgets: readonly Budget[];
  readonly warmUpMs: number;
  readonly cleanupPeriodMs: number | null;
  /** Null: the format is recognised from the header. */
  readonly map: ColumnMap | null;
  /** Flags given that mean nothing for a run, whose phases and columns are recorded. */
  readonly notForRuns: readonly string[];
}

/** Declares the flags. */
export function addAnalyzeFlags(command: Command): Command {
  return command
    .option(
      '--json',
      "print the verdict of a run's directory as JSON; of several, or of a file, a line per metric",
    )
    .addOption(maxGrowthOption())
    .option('--warm-up <time>', 'left out from the start of a recording (default: 0s)', warmUp)
    .option('--cleanup-period <time>', 'how often the target empties what it keeps', cleanupPeriod)
    .option('--time <col[:unit]>', 'column of the time; ms, s (default), min, h or iso', parseTimeColumn)
    .option(
      '--map <metric=col[:unit]>',
      'column of a metric, any table with a header (repeatable); B, kB, KB, MB, GB (powers of 1000), KiB, MiB, ' +
        'GiB, count (default: B or count)',
      (text: string, earlier: readonly RowMetric[]) => [...earlier, parseMetricColumn(text)],
      [],
    )
    .option('--load <col>', 'column of the load; readings taken at 0 are idle')
    .option('--pid <col>', 'column of the process id; a change is a restart');
}

/** Checks the flags against each other. */
export function resolveAnalyzeFlags(flags: AnalyzeFlags): AnalyzeOptions {
  const map = columnMap(flags);
  const budgets = flags.maxGrowth;
  for (const { metric } of map?.metrics ?? []) {
    if (foreignBudgets(budgets, [metric]).some((known) => known.metric === metric)) continue;
    throw usageError(`--map ${metric}: it has no default budget: add e.g. --max-growth ${metric}=RATE`);
  }
  const given: readonly (readonly [string, unknown])[] = [
    ['--map', map],
    ['--warm-up', flags.warmUp],
    ['--cleanup-period', flags.cleanupPeriod],
  ];
  return {
    budgets,
    warmUpMs: flags.warmUp ?? 0,
    cleanupPeriodMs: flags.cleanupPeriod ?? null,
    map,
    notForRuns: given.filter(([, value]) => value !== undefined && value !== null).map(([name]) => name),
  };
}

function columnMap({ time, map, load, pid }: AnalyzeFlags): ColumnMap | null {
  if (map.length === 0) {
    const alone = Object.entries({ time, load, pid }).find(([, value]) => value !== undefined)?.[0];
    if (alone === undefined) return null;
    throw usageError(`--${alone} needs --map METRIC=COL[:unit] as well, e.g. --map rss=value:MiB`);
  }
  if (time === undefined) throw usageError('--map needs --time COL[:unit] as well, e.g. --time t:s');
  const twice = map.find(({ metric }, i) => map.findIndex((other) => other.metric === metric) !== i);
  if (twice !== undefined) throw usageError(`--map names ${twice.metric} twice: one column is one metric`);
  return { time, metrics: map, load: load ?? null, pid: pid ?? null };
}

function warmUp(text: string): number {
  return parseDuration(text, { name: '--warm-up', minMs: 0, maxMs: LONGEST_MS });
}

function cleanupPeriod(text: string): number {
  return parseDuration(text, { name: '--cleanup-period', minMs: 1, maxMs: LONGEST_MS });
}
