/** Readings left out of the judgement, by reason. */
export type Dropped =
  /** Not finite, or negative: no reading of memory or of a count. */
  | { readonly kind: 'not-a-reading'; readonly readings: number }
  /** 0 of a metric that a live process cannot read 0 of. */
  | { readonly kind: 'zero'; readonly readings: number }
  /** A time that is not finite, repeats, or leaves the order for one reading. */
  | { readonly kind: 'clock-glitch'; readonly readings: number }
  /** Before the declared end of the warm-up. */
  | { readonly kind: 'warm-up'; readonly readings: number }
  /** In another stretch of the recording than the one judged; `breaks` says what separates the stretches. */
  | {
      readonly kind: 'other-segment';
      readonly readings: number;
      /** Readings of the stretch that is judged. */
      readonly judged: number;
      readonly breaks: readonly SegmentBreak[];
    }
  /** While idle, or settling after the load resumed. */
  | { readonly kind: 'not-under-load'; readonly readings: number }
  /** Isolated readings far below their neighbours, which no process can show. */
  | { readonly kind: 'sampler-fault'; readonly readings: number };

/** Where a recording stops being one series. */
export interface SegmentBreak {
  readonly kind: 'restart' | 'clock-stepped-back' | 'gap';
  /** Time of the first reading after the break. */
  readonly atMs: number;
}

/** The entry when readings were dropped, else nothing. */
export function counted<K extends Exclude<Dropped['kind'], 'other-segment'>>(
  kind: K,
  readings: number,
): readonly { readonly kind: K; readonly readings: number }[] {
  return readings > 0 ? [{ kind, readings }] : [];
}
