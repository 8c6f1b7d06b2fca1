import type { NodeType } from '../snapshot/heap-snapshot.js';
import type { Frontier } from './frontiers.js';
import type { Overlay } from './overlay.js';

/** V8's parts of an object that a program does not see. */
const INNER: ReadonlySet<NodeType> = new Set(['array', 'hidden', 'native', 'code', 'object shape', 'number']);

/** V8's sets of roots: `(Global handles)` says nothing of the program. */
export const ROOT_SET = /^\(.* ?(roots|root list|handles|scope)\)$/i;

/** The variables of a function; V8 gives them the type of an object. */
const CONTEXT = 'system / Context';

/** A chain's links repeat within so many steps, as in the trie. */
const MAX_LINK_STEPS = 8;

/** Whether a place is what a program would call an object, a function or a text. */
export function isVisible(overlay: Overlay, place: number): boolean {
  return !INNER.has(overlay.type(place)) && !overlay.className(place).startsWith('system / ');
}

/**
 * The structure that a frontier belongs to: the object behind whose table it stands, the promise whose reactions it
 * lists. For the links of a chain, the first of its links: it hangs on a variable, and not on the link before.
 */
export function ownerOf(overlay: Overlay, { place, children, counts }: Frontier): number {
  const child = children[0] ?? null;
  if (child !== null && overlay.folded(child)) {
    const head = chainHead(overlay, child);
    if (head !== null) return head;
  }
  let owner = place;
  while (owner !== 0 && !isVisible(overlay, owner) && !standsForItself(overlay, owner))
    owner = overlay.parent(owner);
  if (owner === 0) return place;
  return isCrowd(overlay, owner, counts) ? overlay.parent(owner) : owner;
}

/**
 * Objects of one class that Node's roots hold are no structure where each has one thing at most: the parsers of many
 * connections, each with its request. What piles up is then as many handles.
 */
function isCrowd(overlay: Overlay, owner: number, counts: readonly number[]): boolean {
  const members = overlay.counts(owner).at(-1) ?? 0;
  return members > 1 && (counts.at(-1) ?? 0) <= members && isRootSet(overlay, overlay.parent(owner));
}

function isRootSet(overlay: Overlay, place: number): boolean {
  return ROOT_SET.test(overlay.className(place));
}

/** Variables that a closure keeps are a structure of their own: the function that has them says which. */
function standsForItself(overlay: Overlay, place: number): boolean {
  return overlay.className(place) === CONTEXT && overlay.edgeName(place) === '[]';
}

function chainHead(overlay: Overlay, link: number): number | null {
  let place = overlay.parent(link);
  for (let steps = 0; place !== 0 && steps < MAX_LINK_STEPS; steps++) {
    if (overlay.className(place) === overlay.className(link) && isVisible(overlay, place)) return place;
    place = overlay.parent(place);
  }
  return null;
}
