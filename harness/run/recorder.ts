import type { Clock } from '../core/clock.js';
import type { Sample } from '../core/sample.js';
import type { MetricVerdict } from '../core/verdict.js';
import type { ManifestKeeper } from './manifest-keeper.js';
import type { ResolvedRun } from './run-options.js';
import type { Session } from './session.js';
import type { RunSinks } from './sinks.js';

/** Everything that recording a run needs. */
export interface Recorder {
  readonly run: ResolvedRun;
  readonly session: Session;
  readonly keeper: ManifestKeeper;
  readonly sinks: RunSinks;
  readonly clock: Clock;
  /** Ends a run without load of its own as if its time were up. */
  readonly until?: AbortSignal | undefined;
  /** Failing metrics that a baseline knows, so that the run goes on for the others. */
  readonly isKnown?: ((metric: MetricVerdict) => boolean) | undefined;
  /** The last few samples, oldest first: enough to see whether levels have settled. */
  readonly recent: () => readonly Sample[];
}
