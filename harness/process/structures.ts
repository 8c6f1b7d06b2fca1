import { getText, type TextLimits } from '../core/get-text.js';
import type { StructureSize } from '../core/structure.js';

/** The target's own report must not hold up a phase. */
const LIMITS: TextLimits = { timeoutMs: 1_000, maxBytes: 2 ** 20 };

/**
 * Reads the sizes of the target's long-lived structures from its `/health`, over a connection that is closed
 * at once so that it does not count among the target's descriptors.
 *
 * Resolves to null when the target does not answer in time or answers something else: a size that could not
 * be read is missing, not zero.
 */
export async function readStructures(opsAddress: string): Promise<readonly StructureSize[] | null> {
  try {
    const body = JSON.parse(await getText(`http://${opsAddress}/health`, LIMITS)) as { structures?: unknown };
    return Array.isArray(body.structures) ? body.structures.filter(isStructureSize) : null;
  } catch {
    return null;
  }
}

function isStructureSize(entry: unknown): entry is StructureSize {
  const size = (entry ?? {}) as Record<string, unknown>;
  const numberOrNull = (value: unknown): boolean => value === null || Number.isFinite(value);
  return (
    typeof size.name === 'string' &&
    Number.isFinite(size.entries) &&
    numberOrNull(size.bytes) &&
    numberOrNull(size.limit) &&
    numberOrNull(size.fill)
  );
}
