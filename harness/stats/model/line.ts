import { addScaled, dot } from '../math/vectors.js';

/** A column whose part beyond the others is relatively smaller than this says nothing of its own. */
const COLLINEAR = 1e-9;

/**
 * The regression on intercept, nuisance columns and time, in a form that further columns can be added to one by
 * one (Frisch–Waugh–Lovell): everything else is seen only through what it has beyond these.
 */
export interface LineBase {
  /** What is left of time beyond intercept and nuisance. */
  readonly time: Float64Array;
  /** Σ time²: the slope's variance is σ² over this. */
  readonly timeSquares: number;
  /** Columns that were not collinear, intercept and time included. */
  readonly columns: number;
  /** Coefficient of time when `column` is regressed on the base. */
  slopeOf(column: Float64Array): number;
  /** What is left of a column beyond the base. */
  residualOf(column: Float64Array): Float64Array;
}

/**
 * Orthogonalises intercept, nuisance columns and time, in this order (modified Gram–Schmidt, twice for accuracy).
 * Collinear nuisance is left out; null when time itself says nothing beyond the others.
 */
export function lineBase(u: Float64Array, nuisance: readonly Float64Array[]): LineBase | null {
  const basis: Float64Array[] = [];
  const orthogonalise = (column: Float64Array): Float64Array => {
    const rest = Float64Array.from(column);
    for (let pass = 0; pass < 2; pass++) {
      for (const unit of basis) addScaled(rest, -dot(unit, rest), unit);
    }
    return rest;
  };
  for (const column of [new Float64Array(u.length).fill(1), ...nuisance]) {
    const rest = orthogonalise(column);
    const squares = dot(rest, rest);
    if (squares <= COLLINEAR * dot(column, column)) continue;
    const norm = Math.sqrt(squares);
    basis.push(rest.map((value) => value / norm));
  }
  const time = orthogonalise(u);
  const timeSquares = dot(time, time);
  if (timeSquares <= COLLINEAR * dot(u, u)) return null;
  const slopeOf = (column: Float64Array): number => dot(time, column) / timeSquares;
  const residualOf = (column: Float64Array): Float64Array => {
    const rest = orthogonalise(column);
    addScaled(rest, -slopeOf(rest), time);
    return rest;
  };
  return { time, timeSquares, columns: basis.length + 1, slopeOf, residualOf };
}
