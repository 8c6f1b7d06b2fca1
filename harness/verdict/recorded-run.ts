import type { Manifest } from '../core/manifest.js';
import type { Recording } from '../core/recording.js';

/** A run as it was recorded. */
export interface RecordedRun {
  readonly manifest: Manifest;
  readonly recording: Recording;
}
