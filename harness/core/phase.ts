/** The phases of a run, in order; each sample belongs to one. */
export const PHASES = ['warm-up', 'steady', 'drain', 'settle', 'attribution'] as const;

/**
 * - `warm-up`: load on, excluded from the trend (JIT, pools, caches filling);
 * - `steady`: load constant, the only window a trend is fitted on;
 * - `drain`: load off, work in flight ends;
 * - `settle`: last readings and probes before the target is stopped;
 * - `attribution`: after all samples, heap snapshots with load between them; a run that names no culprit has none.
 */
export type Phase = (typeof PHASES)[number];

/** One phase as it happened; `endMs` is null while it lasts or when the rig was killed in it. */
export interface PhaseSpan {
  readonly phase: Phase;
  /** Milliseconds since the run's clock started. */
  readonly startMs: number;
  readonly endMs: number | null;
}

export function isPhase(text: string): text is Phase {
  return (PHASES as readonly string[]).includes(text);
}
