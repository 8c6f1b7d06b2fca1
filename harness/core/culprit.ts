/** What kind of structure grows; decides what is advised. */
export type StructureKind =
  | 'map'
  | 'set'
  | 'array'
  | 'dictionary'
  | 'listeners'
  | 'timers'
  | 'promise'
  | 'linked'
  | 'string'
  | 'buffers'
  | 'weak-refs'
  | 'handles'
  | 'object'
  | 'v8';

/** One step of a retainer path: the name by which the object before holds this one, and this one's class. */
export interface RetainerStep {
  /** A property, a variable of a closure, or `[]` for any entry of a container. */
  readonly name: string;
  /** The constructor's name; of a function its own with `()` behind it. */
  readonly className: string;
}

/** What piles up in a structure: objects of one class, counted in each snapshot. */
export interface GrowingContent {
  readonly className: string;
  readonly counts: readonly number[];
}

/** A structure that grew from every snapshot to the next. */
export interface Culprit {
  /** The same for the same leak in every run and version: made of names only. */
  readonly fingerprint: string;
  readonly kind: StructureKind;
  /** The last name on the way to the structure, e.g. `entries`. */
  readonly name: string;
  readonly className: string;
  /** How many such structures there are in the last snapshot, e.g. one array per user. */
  readonly structures: number;
  /** What piles up, the most bytes first; empty for one growing string or buffer. */
  readonly contents: readonly GrowingContent[];
  /** Bytes of the structure's storage and of what piles up in it, in each snapshot. */
  readonly heldBytes: readonly number[];
  /** What would be freed with the structure, in each snapshot: less than held where others hold it as well. */
  readonly retainedBytes: readonly number[];
  /** Of the held bytes' growth, those outside the V8 heap. */
  readonly offHeapGrowthBytes: number;
  /** Its part of the growth of all memory in the snapshots, 0 to 1; null when that did not grow. */
  readonly share: number | null;
  /** Per operation between the snapshots; null when their number was not given. */
  readonly growthPerOp: { readonly objects: number; readonly bytes: number } | null;
  /** From the root to the structure. */
  readonly path: readonly RetainerStep[];
  /** Where its content was allocated, the innermost frame first; null without an allocation profile that tells. */
  readonly allocationStack: readonly string[] | null;
  /** Whether this is V8's or Node's own bookkeeping (compiled code, feedback) rather than the program's. */
  readonly artefact: boolean;
  /** What to do next, in one sentence. */
  readonly advice: string;
}

/** One of the snapshots that were compared. */
export interface SnapshotSummary {
  readonly file: string;
  /** Everything that is alive, native parts that V8 knows of included. */
  readonly totalBytes: number;
  readonly objects: number;
}

/** What the comparison of two or more heap snapshots came to. */
export interface GrowthReport {
  readonly snapshots: readonly SnapshotSummary[];
  /** Operations between two of them; null when not given. */
  readonly operations: number | null;
  /** From the first snapshot to the last. */
  readonly growthBytes: number;
  /** The most growth first; artefacts after all others. */
  readonly culprits: readonly Culprit[];
  readonly warnings: readonly string[];
}

/** What memlab says of the same snapshots: paths to objects that were new in the second and are still there. */
export interface MemlabReport {
  readonly traces: readonly MemlabTrace[];
}

/** One cluster of memlab's: its representative path, as memlab names it. */
export interface MemlabTrace {
  /** From the root to the object, e.g. `--entries (property)---> [Map](object)`. */
  readonly path: readonly string[];
  /** Of the last object on the path. */
  readonly retainedBytes: number | null;
}
