import { median, sortSamples } from '../sorted-samples.js';
import { counted, type Dropped } from './dropped.js';
import { filterReadings, type Readings } from './readings.js';

/** Share of a load window after a resume that is left out: caches and pools refill. */
const RESUME_SHARE = 0.25;

/** The part of an idle window, from its end, whose median is the level that the process returned to. */
const IDLE_TAIL_SHARE = 1 / 3;

/** An idle window at the very end of the recording is believed from this many readings on. */
const MIN_LAST_IDLE = 3;

/** Readings under load, and the level of each idle window. */
export interface LoadWindows {
  readonly loaded: Readings;
  /** One point per idle window: what was still in use after work stopped. Times in ms. */
  readonly idleFloors: { readonly elapsedMs: readonly number[]; readonly values: readonly number[] };
  readonly dropped: readonly Dropped[];
}

/** Splits a recording into load windows and idle windows by its load column (0 is idle). */
export function splitByLoad(readings: Readings): LoadWindows {
  const { load, elapsedMs, values } = readings;
  const keep = new Uint8Array(values.length);
  const floors: { elapsedMs: number[]; values: number[] } = { elapsedMs: [], values: [] };
  for (let from = 0; from < values.length; ) {
    const active = (load[from] as number) > 0;
    let to = from;
    while (to < values.length && (load[to] as number) > 0 === active) to++;
    const [start, end] = [elapsedMs[from] as number, elapsedMs[to - 1] as number];
    if (active) {
      const cut = from > 0 ? start + RESUME_SHARE * (end - start) : start;
      for (let i = from; i < to; i++) keep[i] = (elapsedMs[i] as number) >= cut ? 1 : 0;
    } else if (to < values.length || to - from >= MIN_LAST_IDLE) {
      addIdleFloor(readings, from, to, end - IDLE_TAIL_SHARE * (end - start), floors);
    }
    from = to;
  }
  const loaded = filterReadings(readings, (i) => keep[i] === 1);
  const dropped = counted('not-under-load', values.length - loaded.values.length);
  return { loaded, idleFloors: floors, dropped };
}

function addIdleFloor(
  { elapsedMs, values }: Readings,
  from: number,
  to: number,
  cutMs: number,
  floors: { elapsedMs: number[]; values: number[] },
): void {
  const tail: number[] = [];
  let time = 0;
  for (let i = from; i < to; i++) {
    if ((elapsedMs[i] as number) < cutMs) continue;
    tail.push(values[i] as number);
    time += elapsedMs[i] as number;
  }
  const sorted = sortSamples(tail);
  if (sorted === null) return;
  floors.elapsedMs.push(time / tail.length);
  floors.values.push(median(sorted));
}
