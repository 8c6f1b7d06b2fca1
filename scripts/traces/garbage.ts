import type { RandomStream } from './random.js';

/** The clock of a collector whose cycles vary by ± 30 %. */
export interface CollectionClock {
  /** Share of the nominal period since the last collection, and what that collection left behind. */
  phaseAt(sec: number): { readonly phase: number; readonly left: number };
}

/** Cycles of `periodSec`; `leftShare` of the amplitude at most survives a collection at random. */
export function collectionClock(
  event: RandomStream,
  periodSec: number,
  options: { readonly leftShare: number; readonly startInCycle: boolean },
): CollectionClock {
  const interval = (): number => periodSec * event.uniform(0.7, 1.3);
  let lastSec = options.startInCycle ? -periodSec * event.unit() : 0;
  let nextSec = options.startInCycle ? lastSec + interval() : 0;
  let left = 0;
  const phaseAt = (sec: number): { phase: number; left: number } => {
    while (sec >= nextSec) {
      lastSec = nextSec;
      if (options.leftShare > 0) left = event.uniform(0, options.leftShare);
      nextSec = lastSec + interval();
    }
    return { phase: (sec - lastSec) / periodSec, left };
  };
  return { phaseAt };
}
