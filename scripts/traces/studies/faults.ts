import { assessGrowth } from '../../../harness/stats/assess.js';
import type { GrowthReadings } from '../../../harness/stats/assessment.js';
import type { BenchOptions } from '../arguments.js';
import { readingsOf } from '../engine.js';
import { generateTrace } from '../generate.js';
import { RandomStream } from '../random.js';
import { type Judged, scoreOf } from '../scores.js';
import { formatScores } from '../table.js';

type Damage = (readings: GrowthReadings, event: RandomStream) => GrowthReadings;

/** Replaces values one by one. */
function mapValues(readings: GrowthReadings, map: (value: number, i: number) => number): GrowthReadings {
  return { ...readings, values: Array.from(readings.values, map) };
}

/** Replaces times one by one. */
function mapTimes(readings: GrowthReadings, map: (ms: number, i: number) => number): GrowthReadings {
  return { ...readings, elapsedMs: Array.from(readings.elapsedMs, map) };
}

/** What samplers do: each damage draws its own extent. */
export const DAMAGES: Readonly<Record<string, Damage>> = {
  'equal low readings': (readings, event) => {
    const share = event.uniform(0.01, 0.04);
    const low = event.uniform(1, 12);
    return mapValues(readings, (value) => (event.unit() < share ? low : value));
  },
  'zero readings': (readings, event) => {
    const share = event.uniform(0.01, 0.04);
    return mapValues(readings, (value) => (event.unit() < share ? 0 : value));
  },
  'repeated readings': (readings, event) => {
    const share = event.uniform(0.05, 0.5);
    let last = readings.values[0] as number;
    return mapValues(readings, (value) => {
      if (event.unit() >= share) last = value;
      return last;
    });
  },
  'clock set back': (readings, event) => {
    const at = Math.floor(readings.elapsedMs.length * event.uniform(0.1, 0.9));
    const backMs = lengthMs(readings) * event.logUniform(0.01, 3);
    return mapTimes(readings, (ms, i) => (i < at ? ms : ms - backMs));
  },
  'clock set forward': (readings, event) => {
    const at = Math.floor(readings.elapsedMs.length * event.uniform(0.1, 0.9));
    const onMs = lengthMs(readings) * event.logUniform(0.01, 30);
    return mapTimes(readings, (ms, i) => (i < at ? ms : ms + onMs));
  },
  gap: (readings, event) => {
    const from = readings.elapsedMs.length * event.uniform(0.1, 0.6);
    const to = from + readings.elapsedMs.length * event.uniform(0.05, 0.35);
    return mapValues(readings, (value, i) => (i >= from && i < to ? Number.NaN : value));
  },
};

function lengthMs({ elapsedMs }: GrowthReadings): number {
  return (elapsedMs[elapsedMs.length - 1] as number) - (elapsedMs[0] as number);
}

/** Clean and leaking noise traces of five minutes with each damage. */
export function studyFaults({ seeds }: BenchOptions): string {
  const scores = Object.entries(DAMAGES).map(([name, damage]) => {
    const judged = seeds.flatMap((seed) =>
      [false, true].map((leak): Judged => {
        const trace = generateTrace({ family: 'noise', durationSec: 300, seed, leak });
        const readings = damage(readingsOf(trace), new RandomStream(`fault|${name}|${seed}|${leak}`));
        return { label: trace.label, outcome: assessGrowth(readings, trace.budgetPerMin).outcome };
      }),
    );
    return [name, scoreOf(judged)] as const;
  });
  return formatScores('fault', scores);
}
