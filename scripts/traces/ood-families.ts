/** Shapes and noises that the engine does not model: for validation, never for tuning. */
import { approach, type Family, fill } from './family.js';
import { collectionClock } from './garbage.js';

const power: Family = {
  group: 'ood',
  draw({ growth: G, durationSec: T, totalSec, param: p }) {
    const exponent = p.uniform(0.25, 0.45);
    const height = (G * p.uniform(0.1, 0.35)) / exponent;
    return {
      at: (sec) => ({ level: height * (sec <= 0 ? 0 : sec / T) ** exponent }),
      endSlope: ((height * exponent) / T) * (totalSec / T) ** (exponent - 1),
    };
  },
};

const stretched: Family = {
  group: 'ood',
  draw({ growth: G, durationSec: T, param: p }) {
    const height = G * p.uniform(0.5, 6);
    const tauSec = T * p.uniform(0.01, 0.04);
    const stretch = p.uniform(0.5, 0.7);
    return { at: (sec) => ({ level: height * (1 - Math.exp(-((Math.max(0, sec) / tauSec) ** stretch))) }) };
  },
};

/** 1/f-like noise: six Ornstein–Uhlenbeck octaves with correlation times up to T/20. */
const pink: Family = {
  group: 'ood',
  draw({ growth: G, durationSec: T, stepSec, snr, event }) {
    const octaves = new Float64Array(6);
    return {
      at: () => ({ level: 0 }),
      noise(index) {
        let sum = 0;
        for (let k = 0; k < octaves.length; k++) {
          const rho = Math.exp(-stepSec / (Math.max(2 * stepSec, T / 20) / 3 ** k));
          const before = octaves[k] as number;
          octaves[k] = index > 0 ? rho * before + Math.sqrt(1 - rho * rho) * event.normal() : event.normal();
          sum += octaves[k] as number;
        }
        return (G / snr) * 0.55 * sum;
      },
    };
  },
};

/** Student t noise with 2 degrees of freedom: infinite variance. */
const tail: Family = {
  group: 'ood',
  draw: ({ event }) => ({
    at: () => ({ level: 0 }),
    noise(_, sigma) {
      const normal = event.normal();
      return (sigma * 0.6 * normal) / Math.max(0.02, Math.sqrt(event.exponential()));
    },
  }),
};

/** A mechanistic heap: the live set fills to a limit, garbage accrues, a full heap is collected. */
const v8Heap: Family = {
  group: 'ood',
  draw({ growth: G, durationSec: T, stepSec, slope, effectiveSamples, param: p, event }) {
    const live = G * p.uniform(0.5, 3);
    const fullSec = T * p.uniform(0.05, 0.3);
    const allocated = G * p.uniform(0.3, 3);
    const periodSec = p.logUniform(Math.max(3 * stepSec, T / 80), T / 20);
    let young = 0;
    let limit = 0;
    return {
      at(sec) {
        const liveNow = live * fill(sec / fullSec) + slope * sec;
        young += (allocated / periodSec) * stepSec * Math.max(0, 1 + 0.4 * event.normal());
        if (limit === 0) limit = allocated * event.uniform(0.8, 1.2);
        if (young > limit) {
          young = event.uniform(0, 0.08) * allocated;
          limit = allocated * event.uniform(0.8, 1.2) + 0.15 * liveNow;
        }
        return { level: live * fill(sec / fullSec) + young };
      },
      effectiveSamples: Math.min(effectiveSamples, T / (3 * periodSec)),
    };
  },
};

const stairs: Family = {
  group: 'ood',
  draw({ growth: G, durationSec: T, param: p }) {
    const stepsSec = Array.from({ length: 5 }, () => T * 0.45 * p.unit());
    const height = G * p.uniform(0.2, 1);
    return { at: (sec) => ({ level: height * stepsSec.filter((step) => sec >= step).length }) };
  },
};

const combo: Family = {
  group: 'ood',
  draw({ growth: G, durationSec: T, stepSec, effectiveSamples, param: p, event, drop }) {
    const tauSec = T * p.uniform(0.02, 0.08);
    const height = G * p.uniform(0.3, 3);
    const step = G * p.uniform(0.3, 1.5);
    const stepSecAt = T * p.uniform(0.1, 0.7);
    const tooth = G * p.uniform(0.2, 2);
    const periodSec = p.logUniform(Math.max(4 * stepSec, T / 60), T / 12);
    const spikeChance = p.uniform(0, 0.03);
    const quantum = G * p.uniform(0, 0.05);
    const clock = collectionClock(event, periodSec, { leftShare: 0, startInCycle: false });
    return {
      at(sec) {
        const { phase } = clock.phaseAt(sec);
        const warm = height * approach(sec, tauSec) + (sec >= stepSecAt ? step : 0);
        return { level: warm + tooth * phase + (drop.unit() < spikeChance ? G * event.exponential() : 0) };
      },
      quantum,
      effectiveSamples: Math.min(effectiveSamples, T / periodSec),
    };
  },
};

const bursts: Family = {
  group: 'ood',
  draw({ growth: G, durationSec: T, stepSec, param: p, event }) {
    const chance = p.uniform(0.002, 0.01);
    const lengthSec = T * p.uniform(0.01, 0.03);
    const height = G * p.uniform(0.5, 2);
    let endSec = -1;
    return {
      at(sec) {
        if (sec > endSec && event.unit() < chance * stepSec) {
          endSec = sec + lengthSec * event.uniform(0.5, 2);
        }
        return { level: sec <= endSec ? height : 0 };
      },
    };
  },
};

export const OOD_FAMILIES = {
  ood_power: power,
  ood_stretch: stretched,
  ood_pink: pink,
  ood_tail: tail,
  ood_v8: v8Heap,
  ood_stairs: stairs,
  ood_combo: combo,
  ood_burst: bursts,
} as const satisfies Record<string, Family>;
