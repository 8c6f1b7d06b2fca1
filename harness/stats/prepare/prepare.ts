/**
 * From a recording to the levels that are judged: one process, one clock, under load, without sampler faults,
 * counted in steps of the metric's resolution from the first reading.
 *
 * Counting in resolution steps makes every floor of the engine a multiple of the resolution, so that scaling
 * values, budget and resolution together changes nothing; counting from the first reading does the same for
 * the level.
 */
import type { GrowthReadings } from '../assessment.js';
import { mean } from '../math/vectors.js';
import { decimate } from './decimate.js';
import { counted, type Dropped } from './dropped.js';
import type { Levels } from './levels.js';
import type { LoadClock } from './load-clock.js';
import { splitByLoad } from './load-windows.js';
import { cleanReadings, filterReadings, type Readings } from './readings.js';
import { dropSamplerFaults } from './sampler-faults.js';
import { longestSegment } from './segments.js';

/** Load that varies less than this around its mean is constant. */
const MIN_LOAD_VARIATION = 0.05;

export interface Prepared {
  /** At loaded time. */
  readonly levels: Levels;
  /** What the process returned to in each idle window, in the same steps and at the same time. */
  readonly idleFloors: { readonly elapsedMs: Float64Array; readonly values: Float64Array };
  readonly clock: LoadClock;
  /** First and last reading of `levels` on the recording's clock; null when there is none. */
  readonly windowMs: readonly [number, number] | null;
  /** Readings before any merging. */
  readonly samples: number;
  readonly dropped: readonly Dropped[];
  /** What is left out with other segments of the same process, for a judgement of their own. */
  readonly others: readonly GrowthReadings[];
}

export function prepare(input: GrowthReadings, warmUpEndMs: number): Prepared {
  const cleaned = cleanReadings(input);
  const { elapsedMs } = cleaned.readings;
  const warm = filterReadings(cleaned.readings, (i) => (elapsedMs[i] as number) >= warmUpEndMs);
  const segment = longestSegment(warm);
  const windows = splitByLoad(segment.readings, input.idle);
  const sound = dropSamplerFaults(windows.loaded, input.resolution);
  const origin = (sound.readings.values[0] ?? 0) / input.resolution;
  const toSteps = (values: Float64Array): Float64Array =>
    values.map((value) => value / input.resolution - origin);
  return {
    levels: decimate(levelsOf(sound.readings, toSteps(sound.readings.values))),
    idleFloors: { ...windows.idleFloors, values: toSteps(windows.idleFloors.values) },
    clock: windows.clock,
    windowMs: windowOf(sound.readings.elapsedMs, windows.clock),
    samples: sound.readings.values.length,
    dropped: [
      ...cleaned.dropped,
      ...counted('warm-up', cleaned.readings.values.length - warm.values.length),
      ...segment.dropped,
      ...windows.dropped,
      ...sound.dropped,
    ],
    others: segment.others.map((readings) => ({ ...input, ...readings })),
  };
}

function windowOf(times: Float64Array, clock: LoadClock): readonly [number, number] | null {
  const [first, last] = [times[0], times.at(-1)];
  return first === undefined || last === undefined ? null : [clock.recordedMs(first), clock.recordedMs(last)];
}

function levelsOf(readings: Readings, values: Float64Array): Levels {
  return { elapsedMs: readings.elapsedMs, values, lows: values, load: relativeLoad(readings.load) };
}

function relativeLoad(load: Float64Array): Float64Array | null {
  if (load.length === 0) return null;
  const usual = mean(load);
  let squares = 0;
  for (const value of load) squares += (value / usual - 1) ** 2;
  const varies = Math.sqrt(squares / load.length) > MIN_LOAD_VARIATION;
  return varies ? load.map((value) => value / usual - 1) : null;
}
