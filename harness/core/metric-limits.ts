import type { Budget, Ceiling } from './budget.js';
import { usageError } from './errors.js';
import { isMetricName, METRIC_NAMES, type MetricName, type MetricUnit, metricInfo } from './metric.js';
import { closestFirst, parseBytes, parseGrowth } from './units.js';

/** An explicit budget from `rss=1MiB/min`; an unknown metric lists the known ones, the closest first. */
export function parseMetricBudget(text: string): Budget {
  const parts = splitAtLimit(text);
  if (parts === null) {
    throw usageError(
      `--max-growth "${text}" is not METRIC=RATE: write e.g. rss=1MiB/min or fds=1/min (metrics: ${METRIC_NAMES.join(', ')})`,
    );
  }
  const metric = parseMetricName(parts.name);
  const growthPerMin = parseGrowth(parts.limit, metricInfo(metric).unit, `--max-growth ${metric}`);
  return { metric, growthPerMin, explicit: true };
}

/** An explicit ceiling from `rss=500MiB`, `fds=1000` or `gauge.queue_length=500`. */
export function parseMetricCeiling(text: string): Ceiling {
  const parts = splitAtLimit(text);
  if (parts === null) {
    throw usageError(`--max "${text}" is not METRIC=LEVEL: write e.g. rss=500MiB or fds=1000`);
  }
  const metric = parseMetricName(parts.name);
  return { metric, value: parseLevel(parts.limit, metric), explicit: true };
}

/** A metric by its name on the command line; a usage error lists the known names, the closest first. */
export function parseMetricName(text: string): MetricName {
  if (isMetricName(text)) return text;
  const known = closestFirst(text, METRIC_NAMES);
  throw usageError(
    `unknown metric "${text}": did you mean ${known[0]}? Known: ${known.join(', ')}, gauge.NAME`,
  );
}

/** At the last equals sign: the labels of a gauge hold others. */
function splitAtLimit(text: string): { readonly name: string; readonly limit: string } | null {
  const equals = text.lastIndexOf('=');
  return equals < 1 ? null : { name: text.slice(0, equals).trim(), limit: text.slice(equals + 1).trim() };
}

/** How a level of each unit is written; one of bytes is `parseBytes`'s affair. */
const LEVELS: Readonly<Record<Exclude<MetricUnit, 'bytes'>, RegExp>> = {
  count: /^\d+$/,
  percent: /^\d+$/,
  number: /^(?:\d+(?:\.\d+)?|\.\d+)$/,
};

function parseLevel(level: string, metric: MetricName): number {
  const { unit } = metricInfo(metric);
  if (unit === 'bytes' || (unit === 'number' && /[A-Za-z]$/.test(level))) {
    return parseBytes(level, `--max ${metric}`);
  }
  if (LEVELS[unit].test(level) && Number(level) > 0) return Number(level);
  throw usageError(`--max ${metric} "${level}" is not a number above zero: write e.g. ${metric}=1000`);
}
