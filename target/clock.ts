/** Milliseconds since an arbitrary start, whole and never going back; a parameter so that tests can turn it. */
export type Clock = () => number;

/** The process's monotonic clock. Whole numbers stay small integers in V8 for 24 days: no heap number per query. */
export const monotonicClock: Clock = () => Math.floor(performance.now());
