import type { Budget } from '../core/budget.js';
import { isGauge } from '../core/gauge.js';
import type { MetricOutcome } from '../core/verdict.js';

/**
 * What a budgeted metric may do to a run's verdict.
 *
 * - `full`: its outcome counts, whatever it is;
 * - `fail-only`: a fail counts, being inconclusive does not;
 * - `none`: shown only.
 */
export type Say = 'full' | 'fail-only' | 'none';

/**
 * Who decides. A metric the user named always does. With live heap read, RSS is too noisy to hold up a
 * verdict but a clear rise still counts; without it RSS is all there is. Heap figures that include garbage
 * (raw heap always, external and array buffers when no collection precedes the reading) look like a leak
 * until the next major collection and never decide by default. Nor do gauges, whose meaning only the target knows, figures that are read too rarely for a
 * short run (PSS), or that healthy work moves (bytes written, CPU, a group's page cache).
 */
export function sayOf(budget: Budget, hasLiveHeap: boolean): Say {
  if (budget.explicit) return 'full';
  const { metric } = budget;
  if (isGauge(metric)) return 'none';
  switch (metric) {
    case 'live-heap':
    case 'fds':
    case 'sockets':
    case 'threads':
    case 'handles':
      return 'full';
    case 'external':
    case 'array-buffers':
      return hasLiveHeap ? 'full' : 'none';
    case 'rss':
      return hasLiveHeap ? 'fail-only' : 'full';
    case 'heap-used':
    case 'heap-total':
    case 'heap-physical':
    case 'pss':
    case 'uss':
    case 'swap':
    case 'io-write':
    case 'cgroup-current':
    case 'cgroup-anon':
    case 'cpu':
      return 'none';
  }
}

/** Whether a metric with this say and this outcome is one of those that decide. */
export function decides(say: Say, outcome: MetricOutcome): boolean {
  return say === 'full' || (say === 'fail-only' && outcome === 'fail');
}
