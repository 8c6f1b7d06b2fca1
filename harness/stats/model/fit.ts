import { addScaled, dot } from '../math/vectors.js';
import type { Design } from './design.js';
import type { Model } from './model-set.js';
import { type Atom, terminalSlope } from './shapes.js';

/** A model's part beyond the base is ignored when it is relatively smaller than this: collinear. */
const COLLINEAR = 1e-9;

/** One model fitted by least squares. Slopes are per unit of u. */
export interface Fit {
  readonly model: Model;
  /** Coefficients of the model's atoms. */
  readonly heights: readonly number[];
  readonly squaredError: number;
  /** Coefficient of u. */
  readonly rise: number;
  /** At the end, as a verdict takes it: after a warm-up it is at least 0. */
  readonly slope: number;
  /** Variance of the slope in units of the noise variance. */
  readonly slopeVariance: number;
  /** Columns fitted, base included. */
  readonly columns: number;
}

/** Levels seen through a design's base. */
export interface Response {
  readonly residuals: Float64Array;
  readonly squares: number;
  readonly slope: number;
  /** Sums of products with each atom's column. */
  readonly products: Float64Array;
}

export function respond(design: Design, values: Float64Array): Response {
  const residuals = design.base.residualOf(values);
  return {
    residuals,
    squares: dot(residuals, residuals),
    slope: design.base.slopeOf(values),
    products: Float64Array.from(design.columns, (column) => dot(column, residuals)),
  };
}

/**
 * Fits every model of a design. Left out: collinear ones, and those with a downward step, for a fall is a
 * clean-up and must never be credited to the slope. Nor does a warm-up make room for a fall: its rise counts as
 * over at the end (`terminalSlope`), so that a line which falls below it would show growth that slows down as none.
 */
export function fitModels(design: Design, response: Response): readonly Fit[] {
  const fits: Fit[] = [];
  for (const model of design.models) {
    const fit = fitModel(design, response, model);
    if (fit !== null) fits.push(fit);
  }
  return fits;
}

function fitModel(design: Design, response: Response, model: Model): Fit | null {
  const heights = solve(design, response, model);
  if (heights === null) return null;
  let explained = 0;
  let slope = response.slope;
  let bent = 0;
  let warmsUp = false;
  for (let k = 0; k < heights.length; k++) {
    const atom = model.atoms[k] as number;
    const height = heights[k] as number;
    const shape = design.atoms[atom] as Atom;
    if (height < 0 && shape.kind === 'step') return null;
    if (height > 0 && shape.kind === 'exp') warmsUp = true;
    bent += height * terminalSlope(shape);
    explained += height * (response.products[atom] as number);
    slope += height * (design.slopes[atom] as number);
  }
  return {
    model,
    heights,
    squaredError: Math.max(0, response.squares - explained),
    rise: slope - bent,
    slope: warmsUp ? Math.max(0, slope) : slope,
    slopeVariance: 1 / design.base.timeSquares + addedVariance(design, model),
    columns: design.base.columns + heights.length,
  };
}

/** Coefficients of a model's atoms by Cramer's rule (there are at most two); null when they are collinear. */
function solve(
  { products, squares }: Design,
  response: Response,
  { atoms }: Model,
): readonly number[] | null {
  const [i, j] = atoms;
  if (i === undefined) return [];
  const ii = products[i]?.[i] as number;
  if (ii <= COLLINEAR * (squares[i] as number)) return null;
  const yi = response.products[i] as number;
  if (j === undefined) return [yi / ii];
  const jj = products[j]?.[j] as number;
  if (jj <= COLLINEAR * (squares[j] as number)) return null;
  const ij = products[i]?.[j] as number;
  const determinant = ii * jj - ij * ij;
  if (determinant <= COLLINEAR * ii * jj) return null;
  const yj = response.products[j] as number;
  return [(yi * jj - yj * ij) / determinant, (yj * ii - yi * ij) / determinant];
}

/** Variance that not knowing the atoms' heights adds to the slope: d'S⁻¹d for their slopes d. */
function addedVariance({ products, slopes }: Design, { atoms }: Model): number {
  const [i, j] = atoms;
  if (i === undefined) return 0;
  const ii = products[i]?.[i] as number;
  const di = slopes[i] as number;
  if (j === undefined) return (di * di) / ii;
  const jj = products[j]?.[j] as number;
  const ij = products[i]?.[j] as number;
  const dj = slopes[j] as number;
  return (di * di * jj - 2 * di * dj * ij + dj * dj * ii) / (ii * jj - ij * ij);
}

/** What a fit leaves of the levels. */
export function residualsOf(design: Design, response: Response, fit: Fit): Float64Array {
  const rest = Float64Array.from(response.residuals);
  fit.heights.forEach((height, k) => {
    addScaled(rest, -height, design.columns[fit.model.atoms[k] as number] as Float64Array);
  });
  return rest;
}
