/** What a soak also meets: load that trends, two clean-up periods at once, a process tree. */
import { approach, type Family } from './family.js';

/**
 * Load that rises or falls through the whole run, wandering by a tenth around its trend; memory in use follows
 * the load, the leak does not. An engine that ignores the load reads the trend as growth.
 */
const loadTrend: Family = {
  group: 'wide',
  draw({ growth: G, durationSec: T, stepSec, param: p, event }) {
    const change = p.uniform(-0.4, 1);
    const perLoad = G * p.uniform(0.3, 2);
    const rho = Math.exp(-stepSec / (T / 60));
    let wander = event.normal();
    return {
      at(sec) {
        wander = rho * wander + Math.sqrt(1 - rho * rho) * event.normal();
        const load = Math.max(0.05, 1 + (change * sec) / T + 0.1 * wander);
        return { level: perLoad * load, load };
      },
    };
  },
};

/** Two bounded structures cleared at periods of their own, the slower at most a fifth of the run. */
const twoPeriods: Family = {
  group: 'wide',
  draw({ growth: G, durationSec: T, effectiveSamples, param: p }) {
    const slowSec = T * p.uniform(1 / 12, 1 / 5);
    const fastSec = slowSec * p.uniform(0.25, 0.7);
    const slow = G * p.uniform(0.5, 2.5);
    const fast = G * p.uniform(0.3, 1.5);
    const slowStart = p.unit();
    const fastStart = p.unit();
    return {
      at: (sec) => ({
        level: slow * ((sec / slowSec + slowStart) % 1) + fast * ((sec / fastSec + fastStart) % 1),
      }),
      effectiveSamples: Math.min(effectiveSamples, T / slowSec),
      cleanupPeriodSec: slowSec,
    };
  },
};

/**
 * Four processes summed, one of them restarting once and warming up again; the leak is in the others. The pid
 * column is the sum of the tree's pids, which is how a tree's signature changes when a member is replaced.
 */
const processTree: Family = {
  group: 'wide',
  draw({ growth: G, durationSec: T, param: p }) {
    const restartSec = T * p.uniform(0.15, 0.45);
    const worker = G * p.uniform(0.5, 3);
    const tauSec = T * p.uniform(0.01, 0.04);
    return {
      at(sec) {
        const restarted = sec >= restartSec;
        const level = worker * approach(restarted ? sec - restartSec : sec, tauSec);
        return { level, pid: restarted ? 4010 : 4006 };
      },
    };
  },
};

export const WIDE_FAMILIES = {
  load_trend: loadTrend,
  two_periods: twoPeriods,
  process_tree: processTree,
} as const satisfies Record<string, Family>;
