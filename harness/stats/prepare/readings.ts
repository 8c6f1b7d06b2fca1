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
  let count = 0;
  while (count < length && keep(count)) count++;
  if (count === length) return readings;
  const kept = new Uint32Array(length);
  for (let i = 0; i < count; i++) kept[i] = i;
  for (let i = count + 1; i < length; i++) if (keep(i)) kept[count++] = i;
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

/**
 * What can be read at all: finite and not negative, at a finite time, and not 0 where that means nothing. A load
 * that is not finite counts as idle.
 */
export function cleanReadings(input: GrowthReadings): { readings: Readings; dropped: readonly Dropped[] } {
  const { elapsedMs, values, load, pids } = input;
  const count = Math.min(elapsedMs.length, values.length);
  const all: Readings = {
    elapsedMs: asColumn(elapsedMs, count),
    values: asColumn(values, count),
    load: asColumn(load ?? new Float64Array(count).fill(1), count, intensity),
    pids: asColumn(pids ?? new Float64Array(count), count, (pid) => pid || 0),
  };
  const timed = filterReadings(all, (i) => Number.isFinite(all.elapsedMs[i]));
  const finite = filterReadings(timed, (i) => isReading(timed.values[i] as number));
  const readings = input.neverZero ? filterReadings(finite, (i) => finite.values[i] !== 0) : finite;
  return {
    readings,
    dropped: [
      ...counted('clock-glitch', count - timed.values.length),
      ...counted('not-a-reading', timed.values.length - finite.values.length),
      ...counted('zero', finite.values.length - readings.values.length),
    ],
  };
}

/**
 * The first `count` numbers as a column, those that cannot be used mapped to one that can. A typed array without
 * such numbers is shared, for a column of 48 hours takes 1.4 MB and no reading is ever written to.
 */
function asColumn(
  numbers: ArrayLike<number>,
  count: number,
  usable: (value: number | undefined) => number = Number,
): Float64Array {
  if (numbers instanceof Float64Array && numbers.length >= count) {
    const shared = numbers.subarray(0, count);
    if (shared.every((value) => Object.is(usable(value), value))) return shared;
  }
  const column = new Float64Array(count);
  for (let i = 0; i < count; i++) column[i] = usable(numbers[i]);
  return column;
}

function isReading(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

function intensity(load: number | undefined): number {
  return load !== undefined && Number.isFinite(load) && load > 0 ? load : 0;
}
