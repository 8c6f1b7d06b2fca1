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
const REPORT_MS = 250;

/** Part of its rise that a metric has to give back in the last drain for what grew to hang on the load. */
const RELEASED = 0.5;

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

/** Whether what grew was given back when the load went off: with the load off there is then nothing to be seen. */
export function hangsOnLoad(growing: readonly MetricVerdict[]): boolean {
  return growing.some(({ levels }) => {
    if (levels === null || levels.peak === null || levels.baseline === null) return false;
    const rise = levels.peak - levels.baseline;
    return rise > 0 && levels.finalIncrease !== null && levels.finalIncrease < (1 - RELEASED) * rise;
  });
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

/** Stretches of load of one length, one after another. */
export interface LoadUnits {
  /**
   * Goes through one. Resolves with the total offered by then, with null when the load does not count. Rejects when
   * the load fails or the signal aborts.
   */
  next(): Promise<number | null>;
  /** The load is off when this resolves. */
  end(): Promise<void>;
}

/** Units that end with the load off and nothing in flight. `offered` is the load's total until now. */
export function separateUnits(
  load: Load,
  unit: LoadUnit,
  offered: number | null,
  clock: Clock,
  signal: AbortSignal,
): LoadUnits {
  let total = offered;
  return {
    next: async () => {
      load.start();
      await passUnit(load, unit, total, clock, signal);
      total = (await load.stop({ signal }))?.offered ?? null;
      return total;
    },
    end: async () => undefined,
  };
}

/** Units of a load that stays on, for what is there only as long as it lasts: queues, and what hangs on connections. */
export function unitsWithoutPause(load: Load, unit: LoadUnit, clock: Clock, signal: AbortSignal): LoadUnits {
  let on = false;
  return {
    next: async () => {
      if (!on) load.start();
      on = true;
      // What was offered while the target stood still belongs to no unit.
      await clock.sleep(REPORT_MS, signal);
      await passUnit(load, unit, offeredBy(load), clock, signal);
      return offeredBy(load);
    },
    end: async () => {
      if (on) await load.stop({ signal });
    },
  };
}

async function passUnit(
  load: Load,
  unit: LoadUnit,
  offeredBefore: number | null,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const beganMs = clock.nowMs();
  for (;;) {
    await clock.sleep(LOOK_EVERY_MS, signal);
    const tookMs = clock.nowMs() - beganMs;
    const total = offeredBy(load);
    const counts = unit.operations !== null && offeredBefore !== null && total !== null;
    if (counts && total - offeredBefore >= unit.operations) return;
    if (tookMs >= (counts ? PATIENCE : 1) * unit.ms) return;
  }
}

function offeredBy(load: Load): number | null {
  return load.latest()?.counters?.offered ?? null;
}
