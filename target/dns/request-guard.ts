import type { Counters } from '../ops/counters.js';
import { noteInternalError } from '../ops/internal-error.js';
import type { Log } from '../ops/log.js';

/** How a request went: `unreadable` when the client got no further than bytes that are no query. */
export type Outcome = 'served' | 'unreadable';

/** Wraps the serving of one request, so that what goes wrong in it stays in it. */
export type RequestGuard = <Args extends unknown[]>(
  serve: (...args: Args) => Outcome,
) => (...args: Args) => void;

/** The node's guard: an error ends the request, is counted and logged, and the next request is served as ever. */
export function isolatingGuard(counters: Counters, log: Log): RequestGuard {
  return (serve) =>
    (...args) => {
      try {
        serve(...args);
      } catch (error) {
        noteInternalError(error, counters, log);
      }
    };
}
