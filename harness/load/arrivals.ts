import { usageError } from '../core/errors.js';
import { parseDuration } from '../core/units.js';

/** When arrivals are due, as a function of the time since a start: no state, so nothing drifts. */
export interface Arrivals {
  /** How many are due within `elapsedMs`; a real number, which never falls. */
  dueBy(elapsedMs: number): number;
  /** Milliseconds after the start at which arrival `k` (1, 2, …) is due. */
  timeOf(k: number): number;
  /** The highest rate that ever holds. */
  readonly peakPerSec: number;
}

/** Arrival k at k intervals after the start. */
export function constantRate(ratePerSec: number): Arrivals {
  return {
    dueBy: (elapsedMs) => (elapsedMs * ratePerSec) / 1000,
    timeOf: (k) => (k * 1000) / ratePerSec,
    peakPerSec: ratePerSec,
  };
}

/** The arrivals that a plan asks for. */
export function arrivalsOf(plan: { readonly ratePerSec: number; readonly rateFlow?: string }): Arrivals {
  return plan.rateFlow === undefined ? constantRate(plan.ratePerSec) : parseRateFlow(plan.rateFlow);
}

/** The same arrivals shared out evenly among `parts` drivers. */
export function shareOf(whole: Arrivals, parts: number): Arrivals {
  return {
    dueBy: (elapsedMs) => whole.dueBy(elapsedMs) / parts,
    timeOf: (k) => whole.timeOf(k * parts),
    peakPerSec: whole.peakPerSec / parts,
  };
}

/** A piece of a flow; the rate goes from one value to the other in a straight line. */
interface Piece {
  readonly durationMs: number;
  readonly fromPerMs: number;
  readonly toPerMs: number;
}

interface PlacedPiece extends Piece {
  readonly startMs: number;
  /** Arrivals due before it begins. */
  readonly before: number;
}

const DURATION_RANGE = { name: '--rate-flow', minMs: 1, maxMs: 7 * 24 * 3600 * 1000 };

/**
 * Reads a flow of rates per second, `10s:5000,30s:20000`: each piece a duration and a rate, or a ramp between two
 * (`1m:0-20000`). At its end the flow begins again, which makes square waves and bursts; a last piece without a
 * duration (`10s:0-5000,5000`) lasts for ever instead.
 *
 * @throws HarnessError `usage` naming the piece
 */
export function parseRateFlow(text: string): Arrivals {
  const parts = text.split(',');
  const pieces = parts.map((part, i) => parsePiece(part.trim(), i === parts.length - 1));
  const placed: PlacedPiece[] = [];
  let startMs = 0;
  let before = 0;
  for (const piece of pieces) {
    placed.push({ ...piece, startMs, before });
    startMs += piece.durationMs;
    if (Number.isFinite(piece.durationMs)) before += arrivalsIn(piece, piece.durationMs);
  }
  const peakPerSec = 1000 * Math.max(...pieces.flatMap((piece) => [piece.fromPerMs, piece.toPerMs]));
  if (!(peakPerSec > 0))
    throw usageError(`--rate-flow "${text}" has no rate above 0; give one, as in 10s:5000`);
  return flowOf(placed, startMs, before, peakPerSec);
}

function parsePiece(part: string, isLast: boolean): Piece {
  const shape = /^(?:([0-9a-z.]+):)?(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?$/.exec(part);
  const [, duration, from, to] = shape ?? [];
  const endless = duration === undefined && to === undefined;
  if (from === undefined || (duration === undefined && !(endless && isLast))) {
    throw usageError(
      `--rate-flow: "${part}" is no piece of a flow; write 10s:5000, a ramp as 10s:0-5000, or a rate alone at the end`,
    );
  }
  return {
    durationMs: duration === undefined ? Number.POSITIVE_INFINITY : parseDuration(duration, DURATION_RANGE),
    fromPerMs: Number(from) / 1000,
    toPerMs: Number(to ?? from) / 1000,
  };
}

function slopeOf({ fromPerMs, toPerMs, durationMs }: Piece): number {
  return (toPerMs - fromPerMs) / durationMs;
}

function arrivalsIn(piece: Piece, elapsedMs: number): number {
  return piece.fromPerMs * elapsedMs + (slopeOf(piece) * elapsedMs ** 2) / 2;
}

/** Solves `arrivalsIn(piece, t) = count` for t, in the form that stays exact where the slope is tiny or the rate 0. */
function timeIn(piece: Piece, count: number): number {
  if (count <= 0) return 0;
  const root = Math.sqrt(Math.max(0, piece.fromPerMs ** 2 + 2 * slopeOf(piece) * count));
  return Math.min(piece.durationMs, (2 * count) / (piece.fromPerMs + root));
}

function flowOf(
  pieces: readonly PlacedPiece[],
  cycleMs: number,
  perCycle: number,
  peakPerSec: number,
): Arrivals {
  const [first] = pieces as [PlacedPiece];
  const endless = cycleMs === Number.POSITIVE_INFINITY;
  return {
    peakPerSec,
    dueBy(elapsedMs) {
      if (elapsedMs <= 0) return 0;
      const cycles = endless ? 0 : Math.floor(elapsedMs / cycleMs);
      const at = endless ? elapsedMs : elapsedMs - cycles * cycleMs;
      const piece = pieces.findLast(({ startMs }) => startMs <= at) ?? first;
      return cycles * perCycle + piece.before + arrivalsIn(piece, at - piece.startMs);
    },
    timeOf(k) {
      // The last arrival of a cycle belongs to that cycle's end, not to the beginning of the next.
      const cycles = endless ? 0 : Math.max(0, Math.ceil(k / perCycle) - 1);
      const count = endless ? k : k - cycles * perCycle;
      const piece = pieces.findLast(({ before }) => before < count) ?? first;
      return (endless ? 0 : cycles * cycleMs) + piece.startMs + timeIn(piece, count - piece.before);
    },
  };
}
