import { createPairTable } from './pair-table.js';

/**
 * The retaining paths of several snapshots laid over each other by name: one place for all nodes that are reached by
 * the same names through the same classes. Places are numbered, parents before children; place 0 is the root.
 */
export interface PathTrie {
  readonly size: number;
  /** The place of a node of `className` that is reached from `parent` by an edge called `edgeName`. */
  child(parent: number, edgeName: number, className: number): number;
  parent(place: number): number;
  /** Names by their number in the name book; those of the root are 0. */
  edgeName(place: number): number;
  className(place: number): number;
  /** Whether more than one object of a path stands here: the links of a list or the levels of a tree. */
  folded(place: number): boolean;
}

/** Longest sequence of steps that is recognised as the link of a chain. */
const MAX_LINK_STEPS = 8;

export function createPathTrie(): PathTrie {
  const labels = createPairTable();
  const places = createPairTable();
  const parents = [0];
  const edgeNames = [0];
  const classNames = [0];
  const placeLabels = [-1];
  const folded = new Set<number>();

  /**
   * When the last steps, with `label` as the newest, repeat those before them, this is a chain: its next link stands
   * where the link before it does. Without that a list of a million objects would make a million places.
   */
  function foldedInto(parent: number, label: number): number | null {
    const path = [label];
    const at: number[] = [-1];
    for (
      let place = parent;
      place !== 0 && path.length < 2 * MAX_LINK_STEPS;
      place = parents[place] as number
    ) {
      path.push(placeLabels[place] as number);
      at.push(place);
    }
    for (let steps = 1; 2 * steps <= path.length; steps++) {
      let same = true;
      for (let i = 0; same && i < steps; i++) same = path[i] === path[i + steps];
      if (same) return at[steps] as number;
    }
    return null;
  }

  function makePlace(parent: number, label: number, edgeName: number, className: number): number {
    const fold = foldedInto(parent, label);
    if (fold !== null) {
      folded.add(fold);
      return places.add(parent, label, fold);
    }
    parents.push(parent);
    edgeNames.push(edgeName);
    classNames.push(className);
    return places.add(parent, label, placeLabels.push(label) - 1);
  }

  return {
    get size() {
      return parents.length;
    },
    child(parent, edgeName, className) {
      let label = labels.get(edgeName, className);
      if (label < 0) label = labels.add(edgeName, className, labels.size);
      const known = places.get(parent, label);
      return known < 0 ? makePlace(parent, label, edgeName, className) : known;
    },
    parent: (place) => parents[place] as number,
    edgeName: (place) => edgeNames[place] as number,
    className: (place) => classNames[place] as number,
    folded: (place) => folded.has(place),
  };
}
