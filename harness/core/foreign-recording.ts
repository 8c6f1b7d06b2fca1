import type { MetricName } from './metric.js';
import type { Series } from './recording.js';

/** The readings of one metric in a recording that somebody else's sampler may have made. */
export interface ForeignSeries extends Series {
  readonly metric: MetricName;
  /** Smallest step that the recording can show, in base units: the source's, or the digits it was written with. */
  readonly resolution: number;
  /** Load at each reading; null when the recording does not know. */
  readonly load: readonly number[] | null;
}

/** Something about a recording that its verdicts must be read with. */
export interface RecordingNote {
  /** `coverage`: what is left may not stand for the whole, so that no metric passes; `note`: changes nothing. */
  readonly concerns: 'coverage' | 'note';
  readonly message: string;
}

/** A recording without a manifest: what a file of any known format comes down to. Base units throughout. */
export interface ForeignRecording {
  readonly series: readonly ForeignSeries[];
  /** The process they belong to; null when the recording does not say. */
  readonly pid: number | null;
  /** When the judged stretch begins and ends, in milliseconds since the recording began; null without rows. */
  readonly spanMs: readonly [number, number] | null;
  readonly notes: readonly RecordingNote[];
}
