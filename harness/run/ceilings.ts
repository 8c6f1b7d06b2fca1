import type { Ceiling } from '../core/budget.js';
import { isGauge } from '../core/gauge.js';
import type { CeilingHit } from '../core/manifest.js';
import { metricInfo } from '../core/metric.js';
import { SAMPLE_COLUMNS, type Sample } from '../core/sample.js';
import { availableMemory } from '../process/available-memory.js';

/** What a target may take of the memory that was available at the start before the run is ended. */
const MEMORY_SHARE = 0.8;

/** The ceilings of a run: those that were named, and one on RSS that keeps the machine alive. */
export function resolveCeilings(named: readonly Ceiling[]): Ceiling[] {
  const protection: Ceiling = {
    metric: 'rss',
    value: Math.floor(MEMORY_SHARE * availableMemory()),
    explicit: false,
  };
  return named.some(({ metric }) => metric === 'rss') ? [...named] : [...named, protection];
}

/** The first ceiling that a sample exceeds; null when it stays below all of them. */
export function exceededCeiling(ceilings: readonly Ceiling[], sample: Sample): CeilingHit | null {
  for (const ceiling of ceilings) {
    const reached = readingOf(ceiling, sample);
    if (typeof reached === 'number' && reached > ceiling.value) {
      return { ...ceiling, reached, atMs: sample.elapsedMs };
    }
  }
  return null;
}

type Cell = Sample[(typeof SAMPLE_COLUMNS)[number][1]] | undefined;

/**
 * What a ceiling is held against: the sum over the process tree, as a budget is, for one that the user named. The
 * default one knows the target's own process alone: in a sum of RSS what many workers share would count many times.
 */
function readingOf({ metric, explicit }: Ceiling, sample: Sample): Cell {
  if (isGauge(metric)) return sample.gauges[metric];
  const { column, treeColumn } = metricInfo(metric);
  const own = cellOf(sample, column);
  return explicit && treeColumn !== null ? (cellOf(sample, treeColumn) ?? own) : own;
}

function cellOf(sample: Sample, column: string): Cell {
  const field = SAMPLE_COLUMNS.find(([name]) => name === column)?.[1];
  return field === undefined ? null : sample[field];
}
