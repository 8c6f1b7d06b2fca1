import type { LoadSummary } from '../core/load-counters.js';
import type { Manifest } from '../core/manifest.js';
import { lastReading, type Recording, seriesOf } from '../core/recording.js';
import { wholeRun } from './window.js';

/** What can still be in flight when a run is cut short was offered in its last seconds: a driver's longest timeout. */
const IN_FLIGHT_MS = 5_000;

/**
 * What the load came to: the driver's own summary, else (a run that was cut short) the last totals in the
 * samples, whose latency is unknown. Null when no load was recorded.
 */
export function loadOf(manifest: Manifest, recording: Recording): LoadSummary | null {
  if (manifest.load !== null) return manifest.load;
  const offered = lastReading(recording, 'offered');
  if (offered === null) return null;
  const total = (column: string): number => lastReading(recording, column) ?? 0;
  return {
    intended: lastReading(recording, 'intended') ?? offered,
    offered,
    answered: total('answered'),
    wrong: total('wrong'),
    errors: total('errors'),
    timeouts: total('timeouts'),
    dropped: total('dropped'),
    latencyMs: { p50: null, p99: null },
  };
}

/**
 * Operations that were offered, have no outcome yet and could still have got one: none after a complete run;
 * after one that was cut short at most what was offered in its last seconds, so that a target which stopped
 * answering long before is not excused.
 */
export function possiblyInFlight(manifest: Manifest, recording: Recording, load: LoadSummary): number {
  if (manifest.state === 'finished') return 0;
  const ended = load.answered + load.wrong + load.errors + load.timeouts;
  const open = Math.max(0, load.offered - ended);
  const window = wholeRun(recording);
  if (window === null) return open;
  const { elapsedMs, values } = seriesOf(recording, 'offered', window);
  const since = (elapsedMs.at(-1) ?? 0) - IN_FLIGHT_MS;
  const before = values.findLast((_, i) => (elapsedMs[i] as number) <= since);
  return Math.min(open, load.offered - (before ?? 0));
}
