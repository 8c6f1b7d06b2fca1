import type { Clock } from '../../core/clock.js';
import type { MetricVerdict } from '../../core/verdict.js';
import type { Load } from '../../load/client.js';

/** The same stretch of load before each snapshot. */
export interface LoadUnit {
  /** How long it takes at the rate of the run. */
  readonly ms: number;
  /** A prime, so that no period in the target divides it; null of a load that cannot count. */
  readonly operations: number | null;
}

/** What must have grown in a unit to stand out among what snapshots hold anyway, in bytes or pieces. */
const ENOUGH_BYTES = 256 * 1024;
const ENOUGH_PIECES = 50;

/** Fewer operations say little about one of them. */
const LEAST_OPERATIONS = 53;

/** Shorter units have more of their start and end in them; longer ones try people's patience. */
const UNIT_MS = { min: 3_000, unknown: 5_000, max: 20_000 };

/** A load that offers less than planned ends its unit after this many times the planned length. */
const PATIENCE = 2;

/** How often the load is looked at; it reports five times a second. */
const LOOK_EVERY_MS = 50;

/** A unit in which the metrics that failed grow enough to be seen. `ratePerSec` is null where nothing is counted. */
export function planUnit(growing: readonly MetricVerdict[], ratePerSec: number | null): LoadUnit {
  const needed = growing.map(({ unit, growthPerMin }) => {
    const enough = unit === 'bytes' ? ENOUGH_BYTES : ENOUGH_PIECES;
    return growthPerMin === null || growthPerMin <= 0 ? UNIT_MS.unknown : (60_000 * enough) / growthPerMin;
  });
  const forLoad = ratePerSec === null ? 0 : (1000 * LEAST_OPERATIONS) / ratePerSec;
  const asked = Math.max(forLoad, ...(needed.length === 0 ? [UNIT_MS.unknown] : needed));
  const ms = Math.round(Math.min(UNIT_MS.max, Math.max(UNIT_MS.min, asked)));
  return { ms, operations: ratePerSec === null ? null : primeFrom((ratePerSec * ms) / 1000) };
}

/** The least prime that is no smaller. */
export function primeFrom(least: number): number {
  let candidate = Math.max(2, Math.ceil(least));
  while (!isPrime(candidate)) candidate++;
  return candidate;
}

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor * divisor <= number; divisor++) {
    if (number % divisor === 0) return false;
  }
  return true;
}

/**
 * Puts the load on for a unit, and off again; `offeredBefore` is its total until then. Resolves with the new total
 * when nothing is in flight, with null when the load does not count. Rejects when the load fails or the signal aborts.
 */
export async function offerUnit(
  load: Load,
  unit: LoadUnit,
  offeredBefore: number | null,
  clock: Clock,
  signal: AbortSignal,
): Promise<number | null> {
  const beganMs = clock.nowMs();
  load.start();
  for (;;) {
    await clock.sleep(LOOK_EVERY_MS, signal);
    const tookMs = clock.nowMs() - beganMs;
    const total = load.latest()?.counters?.offered ?? null;
    const counts = unit.operations !== null && offeredBefore !== null && total !== null;
    if (counts && total - offeredBefore >= unit.operations) break;
    if (tookMs >= (counts ? PATIENCE : 1) * unit.ms) break;
  }
  return (await load.stop({ signal }))?.offered ?? null;
}
