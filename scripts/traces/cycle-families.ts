/** What a run of several cycles meets: steady load with a drain between, in which nothing is asked of the process. */
import { approach, type Family, fill } from './family.js';
import type { RandomStream } from './random.js';

/**
 * Four stretches of load in `durationSec`, the drains between taking 5 to 40 % of it. As in a run that extends
 * itself, the last stretch goes on to the end.
 */
function fourCycles(durationSec: number, p: RandomStream) {
  const idleShare = p.uniform(0.05, 0.4);
  const idleSec = (durationSec * idleShare) / 3;
  const loadSec = (durationSec - 3 * idleSec) / 4;
  return {
    loadedShare: 1 - idleShare,
    /** Whether the load is on, since when it is so, and for how long it was on in all. */
    at(sec: number): { readonly on: boolean; readonly forSec: number; readonly loadedSec: number } {
      const cycle = Math.min(3, Math.floor(sec / (loadSec + idleSec)));
      const inCycle = sec - cycle * (loadSec + idleSec);
      const on = cycle === 3 || inCycle < loadSec;
      return {
        on,
        forSec: on ? inCycle : inCycle - loadSec,
        loadedSec: cycle * loadSec + (on ? inCycle : loadSec),
      };
    },
  };
}

/**
 * A Map that grows with every operation, in cycles: between its entries its table doubles, once to four times in
 * the run, by a tenth to half of what the entries take. Clean: a bounded Map that fills in the first half.
 */
const mapCycles: Family = {
  group: 'wide',
  draw({ growth: G, durationSec: T, slope, leak, effectiveSamples, param: p }) {
    const cycles = fourCycles(T, p);
    const loadedSec = T * cycles.loadedShare;
    const doublingSec = loadedSec * p.uniform(0.07, 0.3);
    const tableShare = p.uniform(0.1, 0.5);
    const inUse = G * p.uniform(0, 1);
    const cache = { height: G * p.uniform(0.5, 4), fullSec: loadedSec * p.uniform(0.1, 0.5) };
    const entries = (sec: number): number => (leak ? slope * sec : cache.height * fill(sec / cache.fullSec));
    const table = (sec: number): number => {
      const doublings = Math.floor(
        Math.log2(Math.max(1, Math.min(sec, leak ? sec : cache.fullSec) / doublingSec)),
      );
      return tableShare * entries(doublingSec) * (2 ** doublings - 1);
    };
    return {
      at(sec) {
        const { on, forSec, loadedSec: at } = cycles.at(sec);
        const settled = approach(forSec, 0.005 * T);
        return {
          level: (leak ? 0 : entries(at)) + table(at) + inUse * (on ? settled : 1 - settled),
          load: on ? 1 : 0,
          leakSec: at,
        };
      },
      effectiveSamples: cycles.loadedShare ** 2 * effectiveSamples,
    };
  },
};

/** A leak by the clock, such as timers that pile up, which goes on in the drains. */
const idleLeak: Family = {
  group: 'wide',
  draw({ growth: G, durationSec: T, effectiveSamples, param: p }) {
    const cycles = fourCycles(T, p);
    const inUse = G * p.uniform(0, 1);
    return {
      at(sec) {
        const { on, forSec } = cycles.at(sec);
        const settled = approach(forSec, 0.005 * T);
        return { level: inUse * (on ? settled : 1 - settled), load: on ? 1 : 0 };
      },
      effectiveSamples: cycles.loadedShare ** 2 * effectiveSamples,
    };
  },
};

export const CYCLE_FAMILIES = {
  map_cycles: mapCycles,
  idle_leak: idleLeak,
} as const satisfies Record<string, Family>;
