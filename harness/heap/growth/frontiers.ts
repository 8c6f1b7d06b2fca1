import type { NodeType } from '../snapshot/heap-snapshot.js';
import type { Overlay } from './overlay.js';
import { createPairTable } from './pair-table.js';
import { growsEveryStep, LEAST_STEP_BYTES, outlives } from './series.js';

/** Where growth begins: `place` itself does not multiply, but what it holds does, or it gets larger. */
export interface Frontier {
  readonly place: number;
  /** The places of one class below it whose objects pile up; none when the place itself gets larger. */
  readonly children: readonly number[];
  /** Objects in the children, in each snapshot. */
  readonly counts: readonly number[];
}

/** What gets larger without holding more objects: texts, tables of slots, memory of buffers, lists of numbers. */
const EXTENSIBLE: ReadonlySet<NodeType> = new Set([
  'string',
  'concatenated string',
  'sliced string',
  'array',
  'native',
]);

/** Native objects have no ids by which their age could be told. */
const AGELESS: ReadonlySet<NodeType> = new Set(['native', 'synthetic']);

/** All frontiers of growth, in the order of their places. */
export function findFrontiers(overlay: Overlay, leastObjects: number): readonly Frontier[] {
  return [...multiplying(overlay, leastObjects), ...extending(overlay, leastObjects)];
}

/**
 * Children of one place and class are one group, whatever their names: the keys of a dictionary are new ones each time.
 */
function multiplying(overlay: Overlay, leastObjects: number): Frontier[] {
  const groups: number[][] = [];
  const numbers = createPairTable();
  for (let place = 1; place < overlay.size; place++) {
    const [parent, classNumber] = [overlay.parent(place), overlay.classNumber(place)];
    const known = numbers.get(parent, classNumber);
    if (known >= 0) groups[known]?.push(place);
    else numbers.add(parent, classNumber, groups.push([place]) - 1);
  }
  return groups.flatMap((children): Frontier[] => {
    const parent = overlay.parent(children[0] as number);
    const counts = sumOf(children.map(overlay.counts));
    if (!growsEveryStep(counts, leastObjects)) return [];
    if (growsEveryStep(overlay.counts(parent), leastObjects)) return [];
    const survivors = sumOf(children.map(overlay.survivors));
    if (!AGELESS.has(overlay.type(children[0] as number)) && !outlives(counts, survivors)) return [];
    return [{ place: parent, children, counts }];
  });
}

function extending(overlay: Overlay, leastObjects: number): Frontier[] {
  const found: Frontier[] = [];
  for (let place = 1; place < overlay.size; place++) {
    if (!EXTENSIBLE.has(overlay.type(place))) continue;
    if (!growsEveryStep(overlay.shallowBytes(place), LEAST_STEP_BYTES)) continue;
    if (growsEveryStep(overlay.counts(place), leastObjects)) continue;
    found.push({ place, children: [], counts: overlay.counts(place) });
  }
  return found;
}

/** Without frontiers inside what piles up at another one: the branches of a growing tree are no trees of their own. */
export function outermost(overlay: Overlay, frontiers: readonly Frontier[]): readonly Frontier[] {
  const piling = new Set(frontiers.flatMap(({ children }) => children));
  return frontiers.filter(({ place }) => {
    for (let at = place; at !== 0; at = overlay.parent(at)) if (piling.has(at)) return false;
    return true;
  });
}

/** Series added up. */
export function sumOf(series: readonly (readonly number[])[]): readonly number[] {
  const [first = [], ...others] = series;
  return others.reduce((sum, one) => sum.map((value, i) => value + (one[i] as number)), first);
}
