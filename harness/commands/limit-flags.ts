import { Option } from 'commander';
import type { Budget, Ceiling } from '../core/budget.js';
import { parseMetricBudget, parseMetricCeiling } from '../core/metric-limits.js';

/** `--max-growth`, which every command that judges understands alike. */
export function maxGrowthOption(): Option {
  return new Option('--max-growth <metric=rate>', 'budget, e.g. rss=1MiB/min or fds=1/min (repeatable)')
    .argParser((text: string, earlier: readonly Budget[]) => [...earlier, parseMetricBudget(text)])
    .default([]);
}

/** `--max`; what it ends is the command's to say. */
export function maxOption(description: string): Option {
  return new Option('--max <metric=level>', description)
    .argParser((text: string, earlier: readonly Ceiling[]) => [...earlier, parseMetricCeiling(text)])
    .default([]);
}
