/** A series in resolution steps. */
export interface Levels {
  readonly elapsedMs: Float64Array;
  readonly values: Float64Array;
  /** The lowest reading behind each value: `values` itself unless readings were merged. */
  readonly lows: Float64Array;
  /** Relative deviation of the load from its mean; null when it is constant. */
  readonly load: Float64Array | null;
}
