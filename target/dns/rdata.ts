import { checkName, expandName, MALFORMED, skipName } from './name.js';

/** How the data of a type is laid out, as far as the node must know. */
interface Layout {
  /** Fixed bytes at the start. */
  readonly before?: number;
  /** Character-strings (a length byte and as many bytes) after them. */
  readonly strings?: number;
  /** Names that may be compressed, after those. */
  readonly names?: number;
  /** Fixed bytes at the end; null where any number may follow. @default 0 */
  readonly after?: number | null;
}

/**
 * Types whose data must have a fixed shape or may hold compressed names: RFC 1035 §3.3, and RFC 3597 §4 for those
 * defined after it. The data of every other type is opaque and passed through.
 */
const LAYOUTS: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [1, { before: 4 }], // A
  [2, { names: 1 }], // NS
  [3, { names: 1 }], // MD
  [4, { names: 1 }], // MF
  [5, { names: 1 }], // CNAME
  [6, { names: 2, after: 20 }], // SOA
  [7, { names: 1 }], // MB
  [8, { names: 1 }], // MG
  [9, { names: 1 }], // MR
  [12, { names: 1 }], // PTR
  [14, { names: 2 }], // MINFO
  [15, { before: 2, names: 1 }], // MX
  [17, { names: 2 }], // RP
  [18, { before: 2, names: 1 }], // AFSDB
  [21, { before: 2, names: 1 }], // RT
  [24, { before: 18, names: 1, after: null }], // SIG
  [26, { before: 2, names: 2 }], // PX
  [28, { before: 16 }], // AAAA
  [30, { names: 1, after: null }], // NXT
  [33, { before: 6, names: 1 }], // SRV
  [35, { before: 4, strings: 3, names: 1 }], // NAPTR
  [36, { before: 2, names: 1 }], // KX
  [39, { names: 1 }], // DNAME
]);
const OPAQUE: Layout = { after: null };

/**
 * True when the data of a record of `type` at `start` up to `end` is well formed as far as the node must know.
 * `heads` as for `checkName`, the record's own included.
 */
export function isValidRdata(
  message: Uint8Array,
  type: number,
  start: number,
  end: number,
  heads: readonly number[] = [],
): boolean {
  const { names = 0, after = 0, ...front } = LAYOUTS.get(type) ?? OPAQUE;
  let at = namesOffset(message, front, start);
  for (let left = names; left > 0; left -= 1) {
    at = checkName(message, at, end, heads);
    if (at === MALFORMED) return false;
  }
  return after === null ? at <= end : at + after === end;
}

/** Copies data that `isValidRdata` accepted to `out` with every name expanded; returns the offset after the copy. */
export function expandRdata(
  message: Buffer,
  type: number,
  start: number,
  end: number,
  out: Buffer,
  outOffset: number,
): number {
  const { names = 0, ...front } = LAYOUTS.get(type) ?? OPAQUE;
  let at = namesOffset(message, front, start);
  let to = outOffset + message.copy(out, outOffset, start, at);
  for (let left = names; left > 0; left -= 1) {
    to = expandName(message, at, out, to);
    at = skipName(message, at, end);
  }
  return to + message.copy(out, to, at, end);
}

/** Where the names begin; past the record's end when the data is too short. */
function namesOffset(message: Uint8Array, front: Pick<Layout, 'before' | 'strings'>, start: number): number {
  let at = start + (front.before ?? 0);
  for (let left = front.strings ?? 0; left > 0; left -= 1) at += (message[at] ?? 0) + 1;
  return at;
}
