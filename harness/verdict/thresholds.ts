/** Statistical settings of the verdict: what counts as sure, and how much must have been read. */

/** A metric fails when the probability that its growth exceeds the budget reaches this. */
export const FAIL_PROBABILITY = 0.95;

/** A metric passes when that probability is at most this. */
export const PASS_PROBABILITY = 0.05;

/** Below this many readings a growth is not even estimated; a clear one may fail a run from here on. */
export const MIN_FAIL_SAMPLES = 8;

/** A pass claims more than a fail (that nothing was missed), so it needs more readings. */
export const MIN_PASS_SAMPLES = 20;

/**
 * A schedule whose 99th percentile was sent later than this is not the one that was asked for: arrivals came in
 * bursts. Memory does not care about milliseconds, and a busy machine is late by tens of them.
 */
export const MAX_SCHEDULE_ERROR_MS = 250;

/** Of what was intended, the share that must have been offered, and of that the share answered. */
export const MIN_LOAD_SHARE = 0.98;
