import type { Counters } from './counters.js';
import type { Log } from './log.js';

/** Counts and logs an error of ours that was caught on the way of one query: it ends that query, never the service. */
export function noteInternalError(error: unknown, counters: Counters, log: Log): void {
  counters.internalErrors += 1;
  log.warn('query', `internal error: ${error instanceof Error ? error.stack : String(error)}`);
}
