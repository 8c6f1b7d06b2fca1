/** The shapes of ordinary processes that the engine has models for; warm-ups end in the first half. */
import { approach, type Family, type FamilyScale, fill } from './family.js';
import { collectionClock } from './garbage.js';

const noise: Family = { group: 'main', draw: () => ({ at: () => ({ level: 0 }) }) };

/** An exponential approach to a level reached after `tau`, upwards or downwards. */
function settling(scale: FamilyScale, amplitude: readonly [number, number], tau: readonly [number, number]) {
  const { growth: G, durationSec: T, param: p } = scale;
  const height = G * p.uniform(...amplitude);
  const tauSec = T * p.uniform(...tau);
  return { height, tauSec, at: (sec: number) => ({ level: height * approach(sec, tauSec) }) };
}

const warmupExp: Family = {
  group: 'main',
  draw(scale) {
    const { at, tauSec } = settling(scale, [0.5, 6], [0.02, 0.15]);
    return { at, warmUpSec: 4 * tauSec };
  },
};

const shrink: Family = {
  group: 'main',
  draw(scale) {
    const { growth: G, durationSec: T, param: p } = scale;
    const height = -G * p.uniform(0.5, 4);
    const tauSec = T * p.uniform(0.02, 0.15);
    return { at: (sec) => ({ level: height * approach(sec, tauSec) }), headroom: -height };
  },
};

const warmupLong: Family = {
  group: 'hard',
  draw(scale) {
    const { at, tauSec } = settling(scale, [1, 8], [0.4, 1.5]);
    return { at, warmUpSec: 4 * tauSec };
  },
};

const cacheFill: Family = {
  group: 'main',
  draw({ growth: G, durationSec: T, param: p }) {
    const height = G * p.uniform(0.5, 6);
    const fullSec = T * p.uniform(0.1, 0.5);
    return { at: (sec) => ({ level: height * Math.min(1, sec / fullSec) }), warmUpSec: fullSec };
  },
};

const cacheLate: Family = {
  group: 'hard',
  draw({ growth: G, durationSec: T, param: p }) {
    const fullSec = T * p.uniform(0.6, 0.95);
    const height = G * p.uniform(1, 5);
    return { at: (sec) => ({ level: height * Math.min(1, sec / fullSec) }), warmUpSec: fullSec };
  },
};

/** A sawtooth of garbage; generational collectors add a small fast tooth to the slow one. */
function sawtooth(generational: boolean): Family {
  return {
    group: 'main',
    draw({ growth: G, durationSec: T, stepSec, effectiveSamples, param: p, event }) {
      const height = G * p.uniform(0.3, 5);
      const periodSec = p.logUniform(Math.max(4 * stepSec, T / 60), T / 8);
      const clock = collectionClock(event, periodSec, { leftShare: 0.05, startInCycle: true });
      const tooth = generational
        ? (phase: number) => 0.75 * phase + 0.25 * ((phase * 12) % 1)
        : (phase: number) => phase;
      return {
        at(sec) {
          const { phase, left } = clock.phaseAt(sec);
          return { level: height * (left + tooth(phase)) };
        },
        effectiveSamples: Math.min(effectiveSamples, T / periodSec),
      };
    },
  };
}

const rssSteps: Family = {
  group: 'main',
  draw({ growth: G, slope, param: p }) {
    const step = G * p.uniform(0.1, 0.4);
    let high = Number.NEGATIVE_INFINITY;
    return {
      at: () => ({ level: 0 }),
      maxSigma: 0.3 * G,
      value({ base, sec, noise: z }) {
        high = Math.max(high, slope * sec + z);
        return base + step * Math.ceil(high / step);
      },
    };
  },
};

const oneStep: Family = {
  group: 'main',
  draw({ growth: G, durationSec: T, param: p }) {
    const atSec = T * p.uniform(0.1, 0.8);
    const height = G * p.uniform(0.5, 4);
    return { at: (sec) => ({ level: sec >= atSec ? height : 0 }) };
  },
};

const periodic: Family = {
  group: 'main',
  draw({ growth: G, durationSec: T, effectiveSamples, param: p }) {
    const periodSec = T * p.uniform(1 / 15, 1 / 4);
    const height = G * p.uniform(0.5, 4);
    const start = p.unit();
    return {
      at: (sec) => ({ level: height * ((sec / periodSec + start) % 1) }),
      effectiveSamples: Math.min(effectiveSamples, T / periodSec),
      cleanupPeriodSec: periodSec,
    };
  },
};

const periodicLong: Family = {
  group: 'hard',
  draw({ growth: G, durationSec: T, effectiveSamples, param: p }) {
    const periodSec = T * p.uniform(0.4, 1.4);
    const height = G * p.uniform(1.5, 4);
    const start = p.uniform(0, 0.5);
    return {
      at: (sec) => ({ level: height * ((sec / periodSec + start) % 1) }),
      effectiveSamples: Math.min(effectiveSamples, 6),
      cleanupPeriodSec: periodSec,
    };
  },
};

/** A leak that begins in mid-run, or a bounded structure that fills once from there. */
const late: Family = {
  group: 'main',
  draw({ growth: G, durationSec: T, leak, param: p }) {
    const fromSec = T * p.uniform(0.3, 0.65);
    const height = G * p.uniform(0.5, 3);
    return {
      at: (sec) =>
        leak
          ? { level: 0, leakSec: Math.max(0, sec - fromSec) }
          : { level: height * fill((sec - fromSec) / (0.1 * T)) },
    };
  },
};

const lateHard: Family = {
  group: 'hard',
  cleanIsFlat: true,
  draw({ durationSec: T, param: p }) {
    const fromSec = T * p.uniform(0.8, 0.95);
    return { at: (sec) => ({ level: 0, leakSec: Math.max(0, sec - fromSec) }) };
  },
};

const log: Family = {
  group: 'main',
  draw({ growth: G, durationSec: T, totalSec, param: p }) {
    const scaleSec = T * p.uniform(0.005, 0.05);
    const height = (G / T) * (T + scaleSec) * p.uniform(0.1, 0.35);
    return {
      at: (sec) => ({ level: height * Math.log(1 + sec / scaleSec) }),
      endSlope: height / (totalSec + scaleSec),
    };
  },
};

const diurnal: Family = {
  group: 'main',
  draw({ growth: G, durationSec: T, param: p }) {
    const height = G * p.uniform(0.3, 1.5);
    const periodSec = T / p.uniform(3, 8);
    const start = p.uniform(0, 2 * Math.PI);
    return { at: (sec) => ({ level: height * Math.sin((2 * Math.PI * sec) / periodSec + start) }) };
  },
};

export const SHAPE_FAMILIES = {
  noise,
  warmup_exp: warmupExp,
  cache_fill: cacheFill,
  gc_saw: sawtooth(false),
  gc_gen: sawtooth(true),
  rss_steps: rssSteps,
  one_step: oneStep,
  periodic,
  late,
  log,
  shrink,
  diurnal,
} as const satisfies Record<string, Family>;

export const HARD_FAMILIES = {
  lowsnr: { ...noise, group: 'hard', lowSnr: true },
  warmup_long: warmupLong,
  cache_late: cacheLate,
  periodic_long: periodicLong,
  late_hard: lateHard,
} as const satisfies Record<string, Family>;
