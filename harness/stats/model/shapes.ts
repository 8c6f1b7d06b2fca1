/** Shapes that a series can have beside a straight line, on time u scaled to 0…1. */

export type ShapeKind = 'hinge' | 'step' | 'exp' | 'log';

/** What the most probable model is made of. */
export type ModelName = 'constant' | 'linear' | ShapeKind | `${ShapeKind}+${ShapeKind}`;

/** One shape with its parameter: knot of a hinge or step, time constant of an approach, scale of a logarithm. */
export interface Atom {
  readonly kind: ShapeKind;
  readonly parameter: number;
}

/** Value of an atom at time u. */
export function atomValue({ kind, parameter }: Atom, u: number): number {
  switch (kind) {
    case 'hinge':
      return Math.max(0, u - parameter);
    case 'step':
      return u > parameter ? 1 : 0;
    case 'exp':
      return 1 - Math.exp(-u / parameter);
    case 'log':
      return Math.log(1 + Math.max(0, u) / parameter);
  }
}

/**
 * Slope that an atom with coefficient 1 adds at the end of the window. A warm-up (`exp`) counts as over
 * there: what it still rises is not growth that lasts, and a run much shorter than it cannot tell.
 */
export function terminalSlope({ kind, parameter }: Atom): number {
  if (kind === 'hinge') return 1;
  return kind === 'log' ? 1 / (1 + parameter) : 0;
}

/** Slope that an atom with coefficient 1 has at the end of the window, a warm-up that goes on included. */
export function slopeAtEnd(atom: Atom): number {
  return atom.kind === 'exp' ? Math.exp(-1 / atom.parameter) / atom.parameter : terminalSlope(atom);
}

const KNOTS = Array.from({ length: 15 }, (_, i) => 0.1 + 0.05 * i);
const LATE_STEPS = [0.84, 0.88, 0.92, 0.95];
const TIME_CONSTANTS = [0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.3];
const LOG_SCALES = [0.005, 0.02, 0.08];

/** Fewest points: for any shape at all, and for bends and pairs of shapes. */
const MIN_POINTS_FOR_SHAPES = 8;
export const MIN_POINTS_FOR_BENDS = 12;

/** Points that must lie before and after a bend. */
const MIN_BEFORE = 2;
const MIN_AFTER = 4;

/** The shapes that points at these times can tell apart. */
export function atomGrid(u: Float64Array): readonly Atom[] {
  if (u.length < MIN_POINTS_FOR_SHAPES) return [];
  const bends = u.length >= MIN_POINTS_FOR_BENDS;
  const atoms: Atom[] = [];
  for (const knot of KNOTS) {
    if (!supported(u, knot, MIN_AFTER)) continue;
    if (bends) atoms.push({ kind: 'hinge', parameter: knot });
    atoms.push({ kind: 'step', parameter: knot });
  }
  for (const knot of LATE_STEPS) {
    if (bends && supported(u, knot, 1)) atoms.push({ kind: 'step', parameter: knot });
  }
  for (const parameter of TIME_CONSTANTS) atoms.push({ kind: 'exp', parameter });
  for (const parameter of LOG_SCALES) atoms.push({ kind: 'log', parameter });
  return atoms;
}

const KNOT_SHIFTS = [-0.04, -0.03, -0.02, -0.01, 0.01, 0.02, 0.03, 0.04];
const TIME_CONSTANT_FACTORS = [0.7, 0.8, 0.9, 1.12, 1.25, 1.4];
const LOG_SCALE_FACTORS = [0.5, 0.7, 1.4, 2];

/** Closer neighbours of one shape, for a second pass around the winner of the first. */
export function refinements(atom: Atom, u: Float64Array): readonly Atom[] {
  const { kind, parameter } = atom;
  if (kind === 'exp') return TIME_CONSTANT_FACTORS.map((by) => ({ kind, parameter: parameter * by }));
  if (kind === 'log') return LOG_SCALE_FACTORS.map((by) => ({ kind, parameter: parameter * by }));
  const needed = kind === 'step' ? 1 : MIN_AFTER;
  return KNOT_SHIFTS.map((by) => parameter + by)
    .filter((knot) => knot >= 0.03 && supported(u, knot, needed))
    .map((knot) => ({ kind, parameter: knot }));
}

function supported(u: Float64Array, knot: number, needed: number): boolean {
  let after = 0;
  for (const at of u) if (at > knot) after++;
  return after >= needed && u.length - after >= MIN_BEFORE;
}
