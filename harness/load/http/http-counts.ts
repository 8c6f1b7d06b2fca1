import type { LoadCounters } from '../../core/load-counters.js';
import type { LatencyRecorder } from '../latency-recorder.js';
import { describeOutcome, type HttpOutcome, judgeOutcome } from './http-outcome.js';

/** What became of the requests of one load. */
export interface HttpCounts {
  readonly totals: { -readonly [Name in keyof Omit<LoadCounters, 'intended' | 'dropped'>]: number };
  /** Counts how a request ended; `latencyMs` is recorded when it was answered rightly. */
  end(outcome: HttpOutcome, latencyMs: number): void;
}

/** Answers that were not right and are written to the log; the counters have them all. */
const LOGGED_FAILURES = 10;

/** @param where the URL, for the log */
export function createHttpCounts(
  where: string,
  latency: Pick<LatencyRecorder, 'record'>,
  log: (line: string) => void,
): HttpCounts {
  const totals = { offered: 0, answered: 0, wrong: 0, errors: 0, timeouts: 0 };
  let logged = 0;
  return {
    totals,
    end(outcome, latencyMs) {
      const judgement = judgeOutcome(outcome);
      totals[judgement]++;
      if (judgement === 'answered') latency.record(latencyMs);
      else if (logged++ < LOGGED_FAILURES) log(`${where}: ${describeOutcome(outcome)}`);
    },
  };
}
