import type { GrowthReadings } from '../assessment.js';
import { counted, type Dropped } from './dropped.js';

/** Readings column by column; `load` and `pids` are filled in when the recording has none. */
export interface Readings {
  readonly elapsedMs: Float64Array;
  readonly values: Float64Array;
  readonly load: Float64Array;
  readonly pids: Float64Array;
}

/** The readings for which `keep` holds, in their order; the same object when all do. */
export function filterReadings(readings: Readings, keep: (index: number) => boolean): Readings {
  const length = readings.values.length;
  const kept = new Uint32Array(length);
  let count = 0;
  for (let i = 0; i < length; i++) if (keep(i)) kept[count++] = i;
  if (count === length) return readings;
  const pick = (column: Float64Array): Float64Array => {
    const picked = new Float64Array(count);
    for (let k = 0; k < count; k++) picked[k] = column[kept[k] as number] as number;
    return picked;
  };
  return {
    elapsedMs: pick(readings.elapsedMs),
    values: pick(readings.values),
    load: pick(readings.load),
    pids: pick(readings.pids),
  };
}

/** The readings `from` (included) to `to` (excluded), sharing memory. */
export function sliceReadings(readings: Readings, from: number, to: number): Readings {
  const cut = (column: Float64Array): Float64Array => column.subarray(from, to);
  return {
    elapsedMs: cut(readings.elapsedMs),
    values: cut(readings.values),
    load: cut(readings.load),
    pids: cut(readings.pids),
  };
}

/** What can be read at all: finite and not negative, at a finite time. A load that is not finite counts as idle. */
export function cleanReadings(input: GrowthReadings): { readings: Readings; dropped: readonly Dropped[] } {
  const { elapsedMs, values, load, pids } = input;
  const count = Math.min(elapsedMs.length, values.length);
  const all: Readings = {
    elapsedMs: columnOf(count, (i) => elapsedMs[i] as number),
    values: columnOf(count, (i) => values[i] as number),
    load: columnOf(count, (i) => intensity(load === undefined ? 1 : load[i])),
    pids: columnOf(count, (i) => (pids === undefined ? 0 : pids[i] || 0)),
  };
  const timed = filterReadings(all, (i) => Number.isFinite(all.elapsedMs[i]));
  const readings = filterReadings(timed, (i) => isReading(timed.values[i] as number));
  return {
    readings,
    dropped: [
      ...counted('clock-glitch', count - timed.values.length),
      ...counted('not-a-reading', timed.values.length - readings.values.length),
    ],
  };
}

function columnOf(count: number, valueAt: (index: number) => number): Float64Array {
  const column = new Float64Array(count);
  for (let i = 0; i < count; i++) column[i] = valueAt(i);
  return column;
}

function isReading(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

function intensity(load: number | undefined): number {
  return load !== undefined && Number.isFinite(load) && load > 0 ? load : 0;
}
