import type { CollectionCadence } from '../core/manifest.js';
import { median, sortSamples } from '../stats/sorted-samples.js';

/** Live-heap readings that a judged window gets at least, whatever they cost. */
export const MIN_READINGS_PER_WINDOW = 24;

/** Beyond those, collections may cost the target this part of its own CPU. */
const MAX_CPU_SHARE = 0.1;

/** … and their pauses this part of the time: of a server that is busy all the time, so much throughput. */
const MAX_PAUSE_SHARE = 0.005;

/** A target that uses this part of one core in quiet ticks cannot use much more: what a collection costs it is not seen as CPU. */
const SATURATED = 0.9;

/** Ticks of each kind that must be seen before a cost is believed, and how many are remembered. */
const MIN_OBSERVATIONS = 5;
const REMEMBERED = 60;

/** Closer collections than this would leave no quiet tick to compare with. */
const MIN_INTERVAL_TICKS = 3;

/** Decides at which ticks a full collection is forced, and keeps account of what that costs. */
export interface CadenceController {
  /** Whether the tick that is due at `atMs` should force a collection; counts it when it says yes. */
  shouldCollect(atMs: number): boolean;
  /** CPU that the target used up to this tick, and how many ticks ago a collection was forced (0: in this one). */
  observe(cpuMs: number, ticksSinceCollection: number): void;
  /** How long the target stood still for a forced collection. */
  observePause(pauseMs: number): void;
  summary(): CollectionCadence;
}

/**
 * A cadence of at least 24 readings per judged window, and more often only while forced collections cost the
 * target no more than 10 % of its CPU and 0.5 % of the time in pauses, and it has CPU left at all.
 *
 * The cost of one is what the tick it falls into and the tick after it use beyond a quiet tick: a
 * collection's own pause is a small part of it, most comes afterwards, when code is warmed up again.
 */
export function createCadence(options: {
  readonly judgedWindowMs: number;
  readonly tickMs: number;
}): CadenceController {
  const { tickMs } = options;
  const sparsest = Math.max(tickMs, floorToTick(options.judgedWindowMs / MIN_READINGS_PER_WINDOW, tickMs));
  let intervalMs = sparsest;
  let nextAtMs = Number.NEGATIVE_INFINITY;
  let collections = 0;
  const during: number[] = [];
  const after: number[] = [];
  const quiet: number[] = [];
  const pauses: number[] = [];

  const cost = (): { perCollection: number; base: number } | null => {
    if (Math.min(during.length, after.length, quiet.length) < MIN_OBSERVATIONS) return null;
    const base = typical(quiet);
    return {
      perCollection: Math.max(0, typical(during) + typical(after) - 2 * base),
      base,
    };
  };

  const retune = (): void => {
    const known = cost();
    if (known === null || known.base <= 0) return;
    const byCpu = (known.perCollection / (MAX_CPU_SHARE * known.base)) * tickMs;
    const byPause = typical(pauses) / MAX_PAUSE_SHARE;
    const affordable = known.base >= SATURATED * tickMs ? sparsest : Math.max(byCpu, byPause);
    intervalMs = Math.min(sparsest, Math.max(MIN_INTERVAL_TICKS * tickMs, ceilToTick(affordable, tickMs)));
  };

  return {
    shouldCollect: (atMs) => {
      // Half a tick of tolerance: a tick that comes a little early must not put its collection off by one.
      if (atMs < nextAtMs - tickMs / 2) return false;
      nextAtMs = atMs + intervalMs;
      collections++;
      return true;
    },
    observe: (cpuMs, ticksSinceCollection) => {
      remember(ticksSinceCollection === 0 ? during : ticksSinceCollection === 1 ? after : quiet, cpuMs);
      retune();
    },
    observePause: (pauseMs) => remember(pauses, pauseMs),
    summary: () => {
      const known = cost();
      const share =
        known === null || known.base <= 0
          ? null
          : (known.perCollection * tickMs * 100) / (known.base * intervalMs);
      return {
        intervalMs,
        collections,
        cpuMsPerCollection: known?.perCollection ?? null,
        cpuSharePercent: share,
        pauseMsPerCollection: pauses.length === 0 ? null : Math.round(10 * typical(pauses)) / 10,
      };
    },
  };
}

function remember(list: number[], value: number): void {
  list.push(value);
  if (list.length > REMEMBERED) list.shift();
}

function typical(values: readonly number[]): number {
  const sorted = sortSamples(values);
  return sorted === null ? 0 : median(sorted);
}

function floorToTick(ms: number, tickMs: number): number {
  return Math.floor(ms / tickMs) * tickMs;
}

function ceilToTick(ms: number, tickMs: number): number {
  return Math.ceil(ms / tickMs) * tickMs;
}
