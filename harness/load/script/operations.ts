import { messageOf } from '../../core/errors.js';
import type { LoadCounters } from '../../core/load-counters.js';
import { createLatencyRecorder, type LatencyRecorder } from '../latency-recorder.js';
import { MAX_LATENESS_MS } from '../open-loop.js';
import type { Operation } from './traffic.js';

/** The operations of a script, each begun, timed and counted. */
export interface Operations {
  readonly latency: LatencyRecorder;
  readonly totals: { -readonly [Name in keyof Omit<LoadCounters, 'intended' | 'dropped'>]: number };
  /** Begins one; resolves, never rejects, when it has an outcome: true when it was answered rightly. */
  begin(operation: Operation, intendedMs: number): Promise<boolean>;
  /** Resolves when none is under way. */
  ended(): Promise<void>;
  /** Aborts what is under way. */
  close(): void;
}

/** Outcomes that were not right and are written to the log; the counters have them all. */
const LOGGED_FAILURES = 10;

type Outcome = 'answered' | 'wrong' | 'errors' | 'timeouts';

export function createOperations(
  timeoutMs: number,
  nowMs: () => number,
  log: (line: string) => void,
): Operations {
  const latency = createLatencyRecorder(timeoutMs + 2 * MAX_LATENESS_MS);
  const totals = { offered: 0, answered: 0, wrong: 0, errors: 0, timeouts: 0 };
  const underWay = new Map<Promise<boolean>, AbortController>();
  let logged = 0;

  const carryOut = async (operation: Operation, sequence: number, controller: AbortController) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Outcome>((resolve) => {
      timer = setTimeout(() => {
        // Resolved first: an operation that gives up at once has timed out all the same.
        resolve('timeouts');
        controller.abort(new DOMException(`no answer within ${timeoutMs} ms`, 'TimeoutError'));
      }, timeoutMs);
    });
    const done = (async (): Promise<Outcome> => {
      try {
        const answer = await operation({ sequence, signal: controller.signal });
        return answer === false ? 'wrong' : 'answered';
      } catch (error) {
        if (!controller.signal.aborted && logged++ < LOGGED_FAILURES) {
          log(`operation ${sequence} failed: ${messageOf(error)}${reasonOf(error)}`);
        }
        return 'errors';
      }
    })();
    const outcome = await Promise.race([late, done]);
    clearTimeout(timer);
    return outcome;
  };

  return {
    latency,
    totals,
    begin(operation, intendedMs) {
      const controller = new AbortController();
      const ended = carryOut(operation, totals.offered++, controller).then((outcome) => {
        underWay.delete(ended);
        totals[outcome]++;
        if (outcome === 'answered') latency.record(nowMs() - intendedMs);
        return outcome === 'answered';
      });
      underWay.set(ended, controller);
      return ended;
    },
    async ended() {
      while (underWay.size > 0) await Promise.all(underWay.keys());
    },
    close() {
      for (const controller of underWay.values()) controller.abort();
    },
  };
}

/** `fetch failed` alone says nothing: the reason stands behind it. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error ? ` (${messageOf(cause)})` : '';
}
