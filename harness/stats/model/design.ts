import { dot } from '../math/vectors.js';
import { type LineBase, lineBase } from './line.js';
import { type Model, type ModelPrior, modelSet } from './model-set.js';
import { type Atom, atomValue, terminalSlope } from './shapes.js';

/** Everything about a set of models that does not depend on the levels. */
export interface Design {
  readonly base: LineBase;
  readonly atoms: readonly Atom[];
  /** Each atom beyond the base. */
  readonly columns: readonly Float64Array[];
  /** Sums of products of `columns`. */
  readonly products: readonly Float64Array[];
  /** Squared length of each atom before the base was removed, the measure of what counts as nothing. */
  readonly squares: Float64Array;
  /** What one unit of an atom adds to the terminal slope, the base re-fitted. */
  readonly slopes: Float64Array;
  readonly models: readonly Model[];
}

/** A design for points at times u (0…1) with these nuisance columns; null when time is collinear with them. */
export function createDesign(
  u: Float64Array,
  nuisance: readonly Float64Array[],
  atoms: readonly Atom[],
  prior: ModelPrior,
): Design | null {
  const base = lineBase(u, nuisance);
  if (base === null) return null;
  const raw = atoms.map((atom) => u.map((at) => atomValue(atom, at)));
  const columns = raw.map((column) => base.residualOf(column));
  return {
    base,
    atoms,
    columns,
    products: columns.map((a) => Float64Array.from(columns, (b) => dot(a, b))),
    squares: Float64Array.from(raw, (column) => dot(column, column)),
    slopes: Float64Array.from(atoms, (atom, i) => terminalSlope(atom) - base.slopeOf(raw[i] as Float64Array)),
    models: modelSet(atoms, u.length, prior),
  };
}
