import type { Frontier } from './frontiers.js';
import { sumOf } from './frontiers.js';
import type { Overlay } from './overlay.js';
import { ROOT_SET } from './owner.js';
import { growsEveryStep, outlives, riseOf, stepsOf } from './series.js';

/** Part of a class's growth that must lie below one place for the place to be its owner. */
const MOST = 0.8;

/** Part of all growth that what is scattered must hold to be worth a culprit. */
const LEAST_SHARE = 0.1;

/** How even the steps of something scattered must be: many small coincidences are not. */
const EVENNESS = 0.5;

/** Most classes that are looked for. */
const MAX_CLASSES = 5;

/**
 * Frontiers of growth that is thin everywhere: in a tree of words each branch grows by one or two, the class of its
 * nodes by thousands. A class that grows at every step, beyond what `known` frontiers explain, belongs to the deepest
 * place that most of its growth lies below.
 */
export function findScattered(
  overlay: Overlay,
  known: readonly Frontier[],
  leastObjects: number,
): readonly Frontier[] {
  const explained = new Uint8Array(overlay.size);
  const found: Frontier[] = [];
  explain(overlay, explained, known);
  for (let round = 0; round < MAX_CLASSES; round++) {
    const frontier = largestScattered(overlay, explained, leastObjects);
    if (frontier === null) break;
    found.push(frontier);
    explain(overlay, explained, [frontier]);
  }
  return found;
}

/** Marks all places below what piles up at these frontiers. */
function explain(overlay: Overlay, explained: Uint8Array, frontiers: readonly Frontier[]): void {
  for (const { children } of frontiers) for (const place of children) explained[place] = 1;
  for (let place = 1; place < explained.length; place++) {
    if (explained[overlay.parent(place)] === 1) explained[place] = 1;
  }
}

function largestScattered(overlay: Overlay, explained: Uint8Array, leastObjects: number): Frontier | null {
  const byClass = new Map<number, number[]>();
  for (let place = 1; place < overlay.size; place++) {
    if (explained[place] === 1 || overlay.type(place) !== 'object') continue;
    const classNumber = overlay.classNumber(place);
    const places = byClass.get(classNumber);
    if (places === undefined) byClass.set(classNumber, [place]);
    else places.push(place);
  }
  const growing = [...byClass.values()]
    .map((places) => ({ places, counts: sumOf(places.map(overlay.counts)) }))
    .filter(({ places, counts }) => isLeak(overlay, places, counts, leastObjects))
    .sort((a, b) => riseOf(b.counts) - riseOf(a.counts));
  const least = Math.max(1, LEAST_SHARE * riseOf(overlay.heldBytes(0)));
  for (const { places, counts } of growing) {
    const place = deepestAbove(overlay, places);
    if (place === 0 || ROOT_SET.test(overlay.className(place))) continue;
    const children = topmost(overlay, places, place);
    if (riseOf(sumOf(children.map(overlay.heldBytes))) >= least) return { place, children, counts };
  }
  return null;
}

function isLeak(
  overlay: Overlay,
  places: readonly number[],
  counts: readonly number[],
  leastObjects: number,
): boolean {
  const steps = stepsOf(counts);
  return (
    growsEveryStep(counts, leastObjects) &&
    Math.min(...steps) >= EVENNESS * Math.max(...steps) &&
    outlives(counts, sumOf(places.map(overlay.survivors)))
  );
}

/** The deepest place that most of these places' growth lies below. */
function deepestAbove(overlay: Overlay, places: readonly number[]): number {
  const growth = new Float64Array(overlay.size);
  for (const place of places) growth[place] = riseOf(overlay.counts(place));
  const total = growth.reduce((sum, rise) => sum + rise, 0);
  let deepest = 0;
  for (let place = overlay.size - 1; place > 0; place--) {
    // Parents have lower numbers than their children: the first one met that has most of it is the deepest.
    if ((growth[place] as number) >= MOST * total) {
      deepest = place;
      break;
    }
    const parent = overlay.parent(place);
    growth[parent] = (growth[parent] as number) + (growth[place] as number);
  }
  return deepest;
}

/** Those of the places below `above` that have no other of them above themselves. */
function topmost(overlay: Overlay, places: readonly number[], above: number): readonly number[] {
  const members = new Set(places);
  return places.filter((place) => {
    let at = overlay.parent(place);
    while (at > above && !members.has(at)) at = overlay.parent(at);
    return place !== above && at === above;
  });
}
