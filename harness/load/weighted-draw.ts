import { usageError } from '../core/errors.js';
import { seededRandom } from '../core/random.js';

/**
 * Draws one of `names` after the other by their weights; the same seed draws the same.
 *
 * @param field of the load plan, for errors
 * @throws HarnessError `usage` when no weight is above 0, one is no number from 0 up, or of none of the names
 */
export function weightedDraw<Name extends string>(
  field: string,
  names: readonly Name[],
  weights: Readonly<Partial<Record<Name, number>>>,
  seed: number,
): () => Name {
  const known = names.join(', ');
  for (const [name, weight] of Object.entries<number | undefined>(weights)) {
    if (!names.includes(name as Name) || !(weight !== undefined && weight >= 0 && Number.isFinite(weight))) {
      throw usageError(
        `load plan: ${field}.${name} is ${weight}; it must be a weight from 0 of one of ${known}`,
      );
    }
  }
  const total = names.reduce((sum, name) => sum + (weights[name] ?? 0), 0);
  if (!(total > 0)) throw usageError(`load plan: ${field} names none; give one of ${known} a weight`);
  const random = seededRandom(seed);
  return () => {
    let left = (random() / 2 ** 32) * total;
    for (const name of names) {
      left -= weights[name] ?? 0;
      if (left < 0) return name;
    }
    throw new Error('unreachable: what is drawn is below the total');
  };
}
