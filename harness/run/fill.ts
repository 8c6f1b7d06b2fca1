import type { StructureFill, StructureSize } from '../core/structure.js';

/**
 * How full each bounded structure was at two moments; structures without a limit are left out. Null when
 * neither reading could be made.
 */
export function fillBetween(
  start: readonly StructureSize[] | null,
  end: readonly StructureSize[] | null,
): readonly StructureFill[] | null {
  if (start === null && end === null) return null;
  const bounded = new Set(
    [...(start ?? []), ...(end ?? [])].filter((size) => size.limit !== null).map((size) => size.name),
  );
  const fillOf = (sizes: readonly StructureSize[] | null, name: string): number | null =>
    sizes?.find((size) => size.name === name)?.fill ?? null;
  return [...bounded].map((name) => ({
    name,
    atSteadyStart: fillOf(start, name),
    atSteadyEnd: fillOf(end, name),
  }));
}
