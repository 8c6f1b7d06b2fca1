/**
 * What is left of a series: bucket means, bucket floors, confirmed troughs of a sawtooth, or the levels that idle
 * windows returned to.
 */
export type Reduction = 'mean' | 'floor' | 'trough' | 'ratchet';

/** A reduced series: at most 96 points in ascending time, levels in resolution steps. */
export interface Points {
  readonly elapsedMs: Float64Array;
  readonly values: Float64Array;
  /** Relative deviation of the load from its mean at each point; null when it is constant. */
  readonly load: Float64Array | null;
}

/** More points than this add no precision to a slope (99 % is reached at half as many) and cost time. */
export const MAX_POINTS = 96;

/** Time from the first to the last point. */
export function spanMs({ elapsedMs }: Pick<Points, 'elapsedMs'>): number {
  return (elapsedMs.at(-1) ?? 0) - (elapsedMs[0] ?? 0);
}

/** Neighbouring points averaged into at most `limit` groups of nearly equal size. */
export function groupPoints(points: Points, limit: number = MAX_POINTS): Points {
  const count = points.values.length;
  if (count <= limit) return points;
  const average = (column: Float64Array): Float64Array =>
    Float64Array.from({ length: limit }, (_, group) => {
      const [from, to] = [group, group + 1].map((g) => Math.floor((g * count) / limit)) as [number, number];
      let sum = 0;
      for (let i = from; i < to; i++) sum += column[i] as number;
      return sum / (to - from);
    });
  return {
    elapsedMs: average(points.elapsedMs),
    values: average(points.values),
    load: points.load === null ? null : average(points.load),
  };
}
