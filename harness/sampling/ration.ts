/** Lets a probe run only as often as keeps its cost within a share of the time that passes. */
export interface Ration {
  /** Whether what the last run cost has been paid off by the time since. */
  isDue(): boolean;
  /** Runs the probe and books what it took. */
  run<T>(probe: () => T): T;
}

/** A ration of `share` of the time; the first run is due at once. */
export function createRation(share: number, nowMs: () => number = () => performance.now()): Ration {
  let dueMs = Number.NEGATIVE_INFINITY;
  return {
    isDue: () => nowMs() >= dueMs,
    run: (probe) => {
      const startMs = nowMs();
      try {
        return probe();
      } finally {
        const endMs = nowMs();
        dueMs = endMs + (endMs - startMs) / share;
      }
    },
  };
}
