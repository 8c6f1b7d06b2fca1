/** Fewest objects by which something must grow from each snapshot to the next. */
const LEAST_STEP = 8;

/** One object in so many operations is the slowest leak that is looked for. */
const OPERATIONS_PER_OBJECT = 200;

/** Fewest bytes by which a string or a buffer must grow from each snapshot to the next. */
export const LEAST_STEP_BYTES = 512;

/** Smallest part of the largest step that the last one must have: what fills up grows less and less. */
const LEVELLING_OFF = 0.3;

/** Part of the objects made in an interval that must still be there at the end; the rest may have been replaced. */
const LEAST_SURVIVING = 0.5;

/** Fewest objects per step, given the operations between two snapshots. */
export function leastObjects(operations: number | null): number {
  return operations === null
    ? LEAST_STEP
    : Math.max(LEAST_STEP, Math.floor(operations / OPERATIONS_PER_OBJECT));
}

/** Differences of neighbours. */
export function stepsOf(series: readonly number[]): readonly number[] {
  return series.slice(1).map((value, i) => value - (series[i] as number));
}

/** Whether a series rises by `least` at every step, without levelling off at the end. */
export function growsEveryStep(series: readonly number[], least: number): boolean {
  const steps = stepsOf(series);
  const last = steps.at(-1) ?? 0;
  return steps.every((step) => step >= least) && last >= LEVELLING_OFF * Math.max(...steps);
}

/**
 * Whether what made a series rise is still there at its end: `survivors` are the objects of the last snapshot by the
 * interval in which they were made. A buffer that is emptied now and then can be fuller at each of three looks, but
 * then nothing is old in it.
 */
export function outlives(series: readonly number[], survivors: readonly number[]): boolean {
  return stepsOf(series).every((step, i) => (survivors[i] as number) >= LEAST_SURVIVING * step);
}

/** From the first to the last. */
export function riseOf(series: readonly number[]): number {
  return (series.at(-1) ?? 0) - (series[0] ?? 0);
}
