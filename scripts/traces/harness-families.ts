/** Families in which the load, the sampler or the process itself does something. */
import { approach, type Family } from './family.js';

const loadStop: Family = {
  group: 'main',
  draw({ growth: G, durationSec: T, totalSec, param: p }) {
    const stopSec = totalSec * p.uniform(0.7, 0.9);
    const height = G * p.uniform(1, 4);
    return {
      at: (sec) => ({
        level:
          sec < stopSec ? height * approach(sec, 0.03 * T) : height * Math.exp(-(sec - stopSec) / (0.05 * T)),
        load: sec < stopSec ? 1 : 0,
        leakSec: Math.min(sec, stopSec),
      }),
    };
  },
};

const loadProportional: Family = {
  group: 'main',
  draw({ growth: G, durationSec: T, stepSec, param: p }) {
    const periodSec = T / p.uniform(3, 10);
    const start = p.uniform(0, 2 * Math.PI);
    const perLoad = G * p.uniform(0, 1.5);
    const rampSec = T * p.uniform(0.05, 0.15);
    let leakSec = 0;
    return {
      at(sec) {
        const load =
          Math.min(1, sec / rampSec) * (1 + 0.5 * Math.sin((2 * Math.PI * sec) / periodSec + start));
        leakSec += load * stepSec;
        return { level: perLoad * load, load, leakSec };
      },
    };
  },
};

const missing: Family = {
  group: 'main',
  draw({ durationSec: T, param: p, drop }) {
    const share = p.uniform(0.05, 0.3);
    const gapSec = T * p.uniform(0.1, 0.7);
    const gapEndSec = gapSec + T * p.uniform(0.05, 0.2);
    return {
      at: (sec) => ({ level: 0, kept: drop.unit() >= share && !(sec >= gapSec && sec < gapEndSec) }),
    };
  },
};

const quantised: Family = {
  group: 'main',
  draw: ({ growth: G, param: p }) => ({ at: () => ({ level: 0 }), quantum: G * p.uniform(0.05, 0.25) }),
};

/** Descriptor counts: rounded down, with bursts of open connections of a few readings. */
const descriptors: Family = {
  group: 'main',
  counts: true,
  draw({ slope, param: p, event }) {
    const burstChance = p.uniform(0.02, 0.06);
    const flicker = p.uniform(0.5, 3);
    let left = 0;
    let height = 0;
    return {
      at: () => ({ level: 0 }),
      value({ sec }) {
        if (left > 0) left--;
        else if (event.unit() < burstChance) {
          left = Math.floor(event.uniform(0, 3));
          height = Math.floor(event.uniform(5, 125));
        } else height = 0;
        return Math.floor(13 + slope * sec + flicker * event.exponential() * 0.5) + Math.max(0, height);
      },
    };
  },
};

const restart: Family = {
  group: 'main',
  draw({ growth: G, durationSec: T, param: p }) {
    const restartSec = T * p.uniform(0.2, 0.5);
    const height = G * p.uniform(0.5, 2);
    return {
      at(sec) {
        const age = sec >= restartSec ? sec - restartSec : sec;
        const level = height * approach(age, 0.03 * T);
        return { level, pid: sec >= restartSec ? 1001 : 1000, leakSec: age };
      },
    };
  },
};

const spiky: Family = {
  group: 'main',
  draw({ growth: G, param: p, event }) {
    const chance = p.uniform(0.02, 0.08);
    return { at: () => ({ level: event.unit() < chance ? 2 * G * event.exponential() : 0 }) };
  },
};

/**
 * Six cycles of load and rest; memory in use rises and falls with them, the leak only under load. The drawn
 * growth is that per minute of the run, the truth that per minute of load.
 */
const cycles: Family = {
  group: 'main',
  draw({ growth: G, totalSec, stepSec, slope, effectiveSamples, param: p }) {
    const cycleSec = totalSec / 6;
    const loaded = 0.6;
    const height = G * p.uniform(1, 4);
    let loadedSec = 0;
    return {
      at(sec) {
        const phase = (sec / cycleSec) % 1;
        const load = phase < loaded ? 1 : 0;
        if (load > 0) loadedSec += stepSec;
        const level =
          load > 0
            ? height * approach(phase * cycleSec, 0.05 * cycleSec)
            : height * Math.exp(-((phase - loaded) * cycleSec) / (0.06 * cycleSec));
        return { level, load, leakSec: loadedSec / loaded };
      },
      effectiveSamples: Math.min(effectiveSamples, 60),
      endSlope: slope / loaded - slope,
    };
  },
};

export const HARNESS_FAMILIES = {
  load_stop: loadStop,
  load_prop: loadProportional,
  ar: { group: 'main', alwaysCorrelated: true, draw: () => ({ at: () => ({ level: 0 }) }) },
  missing,
  quantised,
  fd: descriptors,
  restart,
  spiky,
  cycles,
} as const satisfies Record<string, Family>;
