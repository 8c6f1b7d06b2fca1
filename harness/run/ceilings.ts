import { readFileSync } from 'node:fs';
import { freemem } from 'node:os';
import type { Ceiling } from '../core/budget.js';
import type { CeilingHit } from '../core/manifest.js';
import { metricInfo } from '../core/metric.js';
import { SAMPLE_COLUMNS, type Sample } from '../core/sample.js';

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
    const { column } = metricInfo(ceiling.metric);
    const field = SAMPLE_COLUMNS.find(([name]) => name === column)?.[1];
    const reached = field === undefined ? null : sample[field];
    if (typeof reached === 'number' && reached > ceiling.value) {
      return { ...ceiling, reached, atMs: sample.elapsedMs };
    }
  }
  return null;
}

/** Bytes that can be had without swapping: MemAvailable of /proc/meminfo (proc(5)), where there is one. */
function availableMemory(): number {
  try {
    const kib = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'latin1'))?.[1];
    return kib === undefined ? freemem() : Number(kib) * 1024;
  } catch {
    return freemem();
  }
}
