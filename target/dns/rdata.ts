import { checkName, MALFORMED } from './name.js';

/** Where a type's data holds names that may be compressed: bytes before, number of names, bytes after. */
type Layout = readonly [before: number, names: number, after: number];

/**
 * Types whose data must have a fixed shape or may hold compressed names (RFC 1035 §3.3, RFC 3597 §4). The data
 * of every other type is opaque and passed through.
 */
const LAYOUTS: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [1, [4, 0, 0]], // A
  [2, [0, 1, 0]], // NS
  [3, [0, 1, 0]], // MD
  [4, [0, 1, 0]], // MF
  [5, [0, 1, 0]], // CNAME
  [6, [0, 2, 20]], // SOA
  [7, [0, 1, 0]], // MB
  [8, [0, 1, 0]], // MG
  [9, [0, 1, 0]], // MR
  [12, [0, 1, 0]], // PTR
  [14, [0, 2, 0]], // MINFO
  [15, [2, 1, 0]], // MX
  [17, [0, 2, 0]], // RP
  [18, [2, 1, 0]], // AFSDB
  [21, [2, 1, 0]], // RT
  [28, [16, 0, 0]], // AAAA
  [33, [6, 1, 0]], // SRV
  [36, [2, 1, 0]], // KX
  [39, [0, 1, 0]], // DNAME
]);

/** True when the data of a record of `type` at `start` up to `end` is well formed as far as the node must know. */
export function isValidRdata(message: Uint8Array, type: number, start: number, end: number): boolean {
  const layout = LAYOUTS.get(type);
  if (layout === undefined) return true;
  const [before, names, after] = layout;
  let at = start + before;
  for (let left = names; left > 0; left -= 1) {
    at = checkName(message, at, end);
    if (at === MALFORMED) return false;
  }
  return at + after === end;
}
