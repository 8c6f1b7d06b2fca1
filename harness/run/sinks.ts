import type { GaugeName } from '../core/gauge.js';
import type { Manifest } from '../core/manifest.js';
import type { Phase } from '../core/phase.js';
import type { ProcessRow } from '../core/process-row.js';
import type { Recording } from '../core/recording.js';
import type { Sample } from '../core/sample.js';
import type { Warning } from '../core/warning.js';

/** A recording read back, with what was wrong with it. */
export interface ReadBack {
  readonly recording: Recording;
  readonly warnings: readonly Warning[];
}

/** Where a run stands, for a display. */
export interface RunProgress {
  /** Before the first phase: what is being started. */
  readonly phase: Phase | 'starting' | 'stopping' | 'judging';
  readonly elapsedMs: number;
  readonly durationMs: number;
}

/**
 * Where a run leaves what it produces. The run itself opens no file: whoever starts it decides where samples
 * and manifest go, and hands the samples back when it is time to judge.
 */
export interface RunSinks {
  /** Appends one sample, durably enough to survive the rig's own death. */
  sample(sample: Sample): void;
  /** The rows that follow have these gauges, in this order; left out, nobody keeps them. */
  readonly gauges?: ((names: readonly GaugeName[]) => void) | undefined;
  /** Appends the processes of the target's tree at one tick; left out, nobody keeps them. */
  readonly processes?: ((rows: readonly ProcessRow[]) => void) | undefined;
  /** Replaces the manifest, all or nothing. */
  manifest(manifest: Manifest): void;
  /** Reads back every sample written so far. */
  readBack(): Promise<ReadBack>;
  progress(progress: RunProgress): void;
  /** One sentence for the user while the run goes on. */
  notice(text: string): void;
  /** Places for what others than the run itself write. */
  readonly paths: {
    readonly targetLog: string;
    readonly loadLog: string;
    readonly targetConfig: string;
    /** A folder for heap snapshots, made when the first is taken. */
    readonly heap: string;
  };
}
