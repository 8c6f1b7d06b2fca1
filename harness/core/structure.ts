/** Fill of one long-lived structure of the target, between 0 and 1; null where it was not read. */
export interface StructureFill {
  readonly name: string;
  readonly atSteadyStart: number | null;
  readonly atSteadyEnd: number | null;
}

/** One reading of a structure's size; the limit is null where the structure has none. */
export interface StructureSize {
  readonly name: string;
  readonly entries: number;
  /** Bytes as the target accounts them; null when it counts entries only. */
  readonly bytes: number | null;
  /** The bound that fills first, in bytes or entries, as `fill` below uses it. */
  readonly limit: number | null;
  /** Part of the limit in use, 0 to 1; null without a limit. */
  readonly fill: number | null;
}
