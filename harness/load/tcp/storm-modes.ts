import type { StormMode } from '../plan.js';
import { weightedDraw } from '../weighted-draw.js';

export const STORM_MODES: readonly StormMode[] = ['close', 'reset', 'silent', 'one-byte', 'drip'];

/**
 * Draws the mode of each connection by its weight; the same seed draws the same modes.
 *
 * @throws HarnessError `usage` when no weight is above 0, or one is no number from 0 up
 */
export function stormModes(
  weights: Readonly<Partial<Record<StormMode, number>>>,
  seed: number,
): () => StormMode {
  return weightedDraw('modes', STORM_MODES, weights, seed);
}
