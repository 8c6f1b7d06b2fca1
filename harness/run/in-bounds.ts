import { usageError } from '../core/errors.js';

/** Throws `usage` naming the flag, its value and the bounds when a number lies outside of them. */
export function inBounds(
  what: string,
  value: number,
  bounds: { min: number; max: number },
  unit: string,
): void {
  if (Number.isFinite(value) && value >= bounds.min && value <= bounds.max) return;
  throw usageError(
    `${what} ${value}${unit} is out of range: give between ${bounds.min}${unit} and ${bounds.max}${unit}`,
  );
}
