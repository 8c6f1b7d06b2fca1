import { median, sortSamples } from '../sorted-samples.js';
import { counted, type Dropped } from './dropped.js';
import { type IdleGap, type LoadClock, loadClock, loadedTimes } from './load-clock.js';
import { filterReadings, type Readings } from './readings.js';

/** Share of a load window after a resume that is left out: caches and pools refill. */
const RESUME_SHARE = 0.25;

/** The part of an idle window, from its end, whose median is the level that the process returned to. */
const IDLE_TAIL_SHARE = 1 / 3;

/** An idle window at the very end of the recording is believed from this many readings on. */
const MIN_LAST_IDLE = 3;

/** Readings under load, and the level of each idle window, all at loaded time. */
export interface LoadWindows {
  readonly loaded: Readings;
  /** One point per idle window: what was still in use after work stopped. */
  readonly idleFloors: { readonly elapsedMs: Float64Array; readonly values: Float64Array };
  readonly clock: LoadClock;
  readonly dropped: readonly Dropped[];
}

/**
 * Splits a recording into load windows and idle windows by its load column (0 is idle). `idle` says when exactly
 * the load was off between them, where that is known.
 */
export function splitByLoad(readings: Readings, idle?: readonly IdleGap[]): LoadWindows {
  const { load, elapsedMs, values } = readings;
  const keep = new Uint8Array(values.length);
  const found: IdleGap[] = [];
  const floors: { readonly startMs: number; readonly value: number }[] = [];
  for (let from = 0; from < values.length; ) {
    const active = (load[from] as number) > 0;
    let to = from;
    while (to < values.length && (load[to] as number) > 0 === active) to++;
    const [startMs, lastMs] = [elapsedMs[from] as number, elapsedMs[to - 1] as number];
    if (active) {
      const cut = from > 0 ? startMs + RESUME_SHARE * (lastMs - startMs) : startMs;
      for (let i = from; i < to; i++) keep[i] = (elapsedMs[i] as number) >= cut ? 1 : 0;
    } else {
      const ended = to < values.length;
      if (ended || to - from >= MIN_LAST_IDLE) {
        floors.push({ startMs, value: levelAtEnd(readings, from, to) });
      }
      if (ended) found.push({ startMs, endMs: elapsedMs[to] as number });
    }
    from = to;
  }
  const gaps = idle ?? found;
  const loaded = filterReadings(readings, (i) => keep[i] === 1);
  const floorTimes = Float64Array.from(floors, ({ startMs }) => startMs);
  return {
    loaded: { ...loaded, elapsedMs: loadedTimes(loaded.elapsedMs, gaps) },
    idleFloors: {
      elapsedMs: loadedTimes(floorTimes, gaps),
      values: Float64Array.from(floors, ({ value }) => value),
    },
    clock: loadClock(gaps),
    dropped: counted('not-under-load', values.length - loaded.values.length),
  };
}

/** The median of the last third of the readings `from` (included) to `to` (excluded), at least one. */
function levelAtEnd({ elapsedMs, values }: Readings, from: number, to: number): number {
  const [startMs, lastMs] = [elapsedMs[from] as number, elapsedMs[to - 1] as number];
  const cutMs = lastMs - IDLE_TAIL_SHARE * (lastMs - startMs);
  let first = from;
  while ((elapsedMs[first] as number) < cutMs) first++;
  const tail = sortSamples(values.subarray(first, to));
  return tail === null ? (values[to - 1] as number) : median(tail);
}
