/** Size of one long-lived collection of the node, as `/health` lists it. */
export interface StructureSize {
  readonly name: string;
  readonly entries: number;
  /** Bytes as the node accounts them; null where it counts entries only. */
  readonly bytes: number | null;
  /** The bound, in bytes where `bytes` is given, else in entries; null where there is none. */
  readonly limit: number | null;
  /** Part of the limit in use, 0 to 1; null without a limit, or where nothing can be kept at all. */
  readonly fill: number | null;
}

/** Size of a collection bounded by its number of entries (or, with `limit` null, not bounded). */
export function countedStructure(name: string, entries: number, limit: number | null): StructureSize {
  return { name, entries, bytes: null, limit, fill: limit === null ? null : entries / limit };
}

/** Size of a collection bounded by bytes (or, with `limit` null, not bounded). */
export function weighedStructure(
  name: string,
  entries: number,
  bytes: number | null,
  limit: number | null,
): StructureSize {
  const fill = limit === null || limit === 0 || bytes === null ? null : bytes / limit;
  return { name, entries, bytes, limit, fill };
}
