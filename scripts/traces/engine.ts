import { assessGrowth } from '../../harness/stats/assess.js';
import type { Assessment, AssessOptions, GrowthReadings } from '../../harness/stats/assessment.js';
import { decide, type Look, type StoppingPolicy } from '../../harness/stats/policy.js';
import { generateTrace, type Trace, type TraceOptions } from './generate.js';

/** A trace as the engine takes it, up to a time. */
export function readingsOf(trace: Trace, untilMs: number = Number.POSITIVE_INFINITY): GrowthReadings {
  const after = trace.elapsedMs.findIndex((at) => at > untilMs);
  const cut = (column: Float64Array): Float64Array => (after < 0 ? column : column.subarray(0, after));
  return {
    elapsedMs: cut(trace.elapsedMs),
    values: cut(trace.values),
    load: cut(trace.load),
    pids: cut(trace.pids),
    resolution: trace.resolution,
  };
}

export function assessTrace(trace: Trace, options: AssessOptions = {}): Assessment {
  return assessGrowth(readingsOf(trace), trace.budgetPerMin, options);
}

/** How a run that is extended while inconclusive ends. */
export interface Extended {
  readonly outcome: Assessment['outcome'];
  /** Length of the run when it stopped, in units of its duration. */
  readonly durations: number;
  readonly trace: Trace;
}

/** Runs a trace under the stopping policy with looks up to `limit` durations. */
export function runExtended(options: TraceOptions, limit: number, hints: AssessOptions = {}): Extended {
  const policy: StoppingPolicy = {
    durationMs: options.durationSec * 1000,
    maxDurationMs: options.durationSec * 1000 * limit,
  };
  const trace = generateTrace({ ...options, extend: limit });
  const looks: Look[] = [];
  for (;;) {
    const decision = decide(policy, looks);
    if (decision.kind === 'stop') {
      const durations = (looks.at(-1)?.atMs ?? 0) / policy.durationMs;
      return { outcome: decision.outcome, durations, trace };
    }
    const atMs = decision.nextLookMs;
    const found = assessGrowth(readingsOf(trace, atMs), trace.budgetPerMin, hints);
    looks.push({
      atMs,
      outcome: found.outcome,
      pExceeds: found.state === 'measured' ? found.pExceeds : null,
    });
  }
}
