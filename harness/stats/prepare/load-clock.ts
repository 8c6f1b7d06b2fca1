/** A stretch without load between two with it, ms. From a load column: first idle reading to the next loaded one. */
export interface IdleGap {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Loaded time: the recording's clock with the stretches without load cut out of it.
 *
 * Work makes a process grow, so a leak of so much per operation stands still while nothing is asked of it. On the
 * wall clock such a series has a plateau in every drain, which no line with a bend or two describes; on loaded
 * time it is straight, and growth per minute means per minute of load, as in a run without drains. What a process
 * gains or gives back between the last reading before a drain and the first one after it stays in the series, as
 * a rise or fall at one instant: a leak by time shows as well, its whole growth told per minute of load.
 */
export interface LoadClock {
  /** Time on the recording's clock of a moment of loaded time; the end of a drain where both are the same. */
  recordedMs(loadedMs: number): number;
}

/** The clock of a recording with these gaps, ascending and apart from each other. */
export function loadClock(gaps: readonly IdleGap[]): LoadClock {
  return {
    recordedMs(loadedMs) {
      let at = loadedMs;
      for (const { startMs, endMs } of gaps) if (startMs <= at) at += endMs - startMs;
      return at;
    },
  };
}

/** Ascending times on loaded time, which stands still in gaps; the same array when there is no gap. */
export function loadedTimes(elapsedMs: Float64Array, gaps: readonly IdleGap[]): Float64Array {
  if (gaps.length === 0) return elapsedMs;
  let next = 0;
  let idleMs = 0;
  return elapsedMs.map((at) => {
    for (; next < gaps.length && (gaps[next] as IdleGap).endMs <= at; next++) {
      const { startMs, endMs } = gaps[next] as IdleGap;
      idleMs += endMs - startMs;
    }
    return Math.min(at, gaps[next]?.startMs ?? at) - idleMs;
  });
}
