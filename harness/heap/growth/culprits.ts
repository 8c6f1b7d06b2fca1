import type { Culprit, GrowingContent } from '../../core/culprit.js';
import { type Frontier, findFrontiers, outermost, sumOf } from './frontiers.js';
import { findTables, holdingsOf } from './holdings.js';
import { adviceFor, kindOf } from './kind.js';
import type { Overlay } from './overlay.js';
import { ownerOf } from './owner.js';
import { fingerprintOf, nameOf, retainerPath } from './retainer-path.js';
import { findScattered } from './scattered.js';
import { leastObjects, riseOf, stepsOf } from './series.js';

export interface CulpritOptions {
  /** Operations between two snapshots; null when not known. */
  readonly operations: number | null;
  /** Snapshots that are compared. */
  readonly snapshots: number;
  /** Growth of everything in the snapshots. */
  readonly growthBytes: number;
}

/** A structure with all that grows in it. */
interface Growing {
  readonly owner: number;
  readonly artefact: boolean;
  readonly frontiers: Frontier[];
}

/** What stands above every path: V8 and Node hold it themselves. */
const ROOTS = '(roots)';

/** The structures that grew at every step, the most growth first, V8's own after the program's. */
export function findCulprits(overlay: Overlay, options: CulpritOptions): readonly Culprit[] {
  const byOwner = new Map<string, Growing>();
  const least = leastObjects(options.operations);
  const frontiers = outermost(overlay, findFrontiers(overlay, least));
  for (const frontier of [...frontiers, ...findScattered(overlay, frontiers, least)]) {
    const owner = ownerOf(overlay, frontier);
    const artefact = isArtefact(overlay, frontier);
    const key = `${owner} ${artefact}`;
    const group = byOwner.get(key) ?? { owner, artefact, frontiers: [] };
    group.frontiers.push(frontier);
    byOwner.set(key, group);
  }
  const tables = findTables(overlay);
  const culprits = [...byOwner.values()].map((group) => describe(overlay, group, options, tables));
  const growth = ({ heldBytes }: Culprit): number => riseOf(heldBytes);
  return culprits.sort((a, b) => Number(a.artefact) - Number(b.artefact) || growth(b) - growth(a));
}

function describe(
  overlay: Overlay,
  { owner, artefact, frontiers }: Growing,
  { operations, snapshots, growthBytes }: CulpritOptions,
  tables: ReadonlyMap<number, readonly number[]>,
): Culprit {
  const { heldBytes, offHeapBytes } = holdingsOf(overlay, owner, frontiers, tables);
  const rise = riseOf(heldBytes);
  const offHeapGrowthBytes = riseOf(offHeapBytes);
  const contents = contentsOf(overlay, frontiers);
  const contentClass = contents[0]?.className ?? null;
  const path = retainerPath(overlay, owner);
  const className = path.at(-1)?.className ?? ROOTS;
  const kind = kindOf({
    className,
    names: path.map((step) => step.name).reverse(),
    contentClass,
    chained: frontiers.some(({ children }) => children.some(overlay.folded)),
    offHeapShare: rise > 0 ? offHeapGrowthBytes / rise : 0,
    artefact,
  });
  const done = operations === null ? null : operations * (snapshots - 1);
  return {
    fingerprint: fingerprintOf(path, contentClass),
    kind,
    name: path.length === 0 ? ROOTS : nameOf(path),
    className,
    structures: overlay.counts(owner).at(-1) ?? 0,
    contents,
    heldBytes,
    retainedBytes: overlay.retainedBytes(owner),
    offHeapGrowthBytes,
    share: growthBytes > 0 ? Math.min(1, rise / growthBytes) : null,
    growthPerOp:
      done === null ? null : { objects: riseOf(contents[0]?.counts ?? []) / done, bytes: rise / done },
    path,
    allocationStack: null,
    artefact,
    advice: adviceFor(kind),
  };
}

/** What piles up, by class; objects before the texts that are their keys. As many of one class are told of once. */
function contentsOf(overlay: Overlay, frontiers: readonly Frontier[]): readonly GrowingContent[] {
  const growing = frontiers.filter(({ children }) => children.length > 0);
  const weight = ({ children }: Frontier): number => riseOf(sumOf(children.map(overlay.heldBytes)));
  const isObject = ({ children }: Frontier): number =>
    Number(overlay.type(children[0] as number) !== 'string');
  const contents = growing
    .sort((a, b) => isObject(b) - isObject(a) || weight(b) - weight(a))
    .map(({ children, counts }) => ({ className: overlay.className(children[0] as number), counts }));
  return [...new Map(contents.map((one) => [`${one.className} ${stepsOf(one.counts)}`, one])).values()];
}

/** What Node tells of its own native parts; the object of each stands among the handles, or where the program has it. */
const NODE_INTERNAL = /^Node \/ /;

/** Whether what grows is compiled code, feedback or shapes, or is reached through them only, or a part of Node's own. */
function isArtefact(overlay: Overlay, { place, children }: Frontier): boolean {
  if (NODE_INTERNAL.test(overlay.className(children[0] ?? place))) return true;
  for (let at = children[0] ?? place; at !== 0; at = overlay.parent(at)) {
    const type = overlay.type(at);
    if (type === 'code' || type === 'object shape') return true;
  }
  return false;
}
