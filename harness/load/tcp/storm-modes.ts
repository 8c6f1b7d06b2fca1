import { usageError } from '../../core/errors.js';
import { seededRandom } from '../../core/random.js';
import type { StormMode } from '../plan.js';

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
  for (const [mode, weight] of Object.entries(weights)) {
    if (!STORM_MODES.includes(mode as StormMode) || !(weight >= 0 && Number.isFinite(weight))) {
      throw usageError(
        `load plan: modes.${mode} is ${weight}; it must be a weight from 0 of one of ${STORM_MODES.join(', ')}`,
      );
    }
  }
  const total = STORM_MODES.reduce((sum, mode) => sum + (weights[mode] ?? 0), 0);
  if (!(total > 0))
    throw usageError(`load plan: modes names no mode; give one of ${STORM_MODES.join(', ')} a weight`);
  const random = seededRandom(seed);
  return () => {
    let left = (random() / 2 ** 32) * total;
    for (const mode of STORM_MODES) {
      left -= weights[mode] ?? 0;
      if (left < 0) return mode;
    }
    throw new Error('unreachable: what is drawn is below the total');
  };
}
