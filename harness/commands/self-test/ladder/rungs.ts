import { usageError } from '../../../core/errors.js';
import { type Rung, rungName } from '../../../core/rung.js';
import { EXACT_LEAKS, type LeakName } from './leaks.js';

const MIB = 2 ** 20;

/** How long a rung runs: 80 s of steady load behind half a minute to warm up. */
export const RUNG_TIMES = { durationMs: 120_000, warmUpMs: 30_000, drainMs: 10_000 } as const;

/**
 * What is promised of a run of two minutes with no budget of the user's: twice this much growth a minute is failed, and
 * half of it is not. They are the default budgets of such a run, which is what the ladder is there to show.
 */
export const FLOORS: Readonly<Record<LeakName, number>> = {
  heap: 1 * MIB,
  external: 1 * MIB,
  native: 4 * MIB,
  fd: 3,
};

/** Rates in floors. Those that take longest stand first, so that two lanes end at about the same time. */
const SHARES = [1, 0.5, 2] as const;

/** Every leak at every rate. */
export const RUNGS: readonly Rung[] = SHARES.flatMap((share) =>
  Object.entries(FLOORS).map(([leak, floorPerMin]) => ({
    leak,
    metric: EXACT_LEAKS[leak as LeakName].metric,
    floorPerMin,
    share,
  })),
);

/** The rungs that were picked, by leak or by their own name; all of them when none is. Throws `usage` for any other word. */
export function pickRungs(only: readonly string[]): readonly Rung[] {
  const isMeant = (rung: Rung, word: string): boolean => word === rung.leak || word === rungName(rung);
  const unknown = only.find((word) => !RUNGS.some((rung) => isMeant(rung, word)));
  if (unknown !== undefined) {
    const names = RUNGS.map(rungName).sort().join(', ');
    throw usageError(
      `--only ${unknown} is no rung of the ladder: give ${Object.keys(FLOORS).join(', ')} or one of ${names}`,
    );
  }
  return only.length === 0 ? RUNGS : RUNGS.filter((rung) => only.some((word) => isMeant(rung, word)));
}
