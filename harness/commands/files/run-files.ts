/** Names of the files of a run. */
export const RUN_FILES = {
  samples: 'samples.csv',
  processes: 'processes.csv',
  manifest: 'run.json',
  verdict: 'verdict.json',
  targetLog: 'target.log',
  loadLog: 'load.log',
  targetConfig: 'target.toml',
  knownLeaks: 'known-leaks.json',
} as const;

/** Folder below a run's, of the run that `--confirm-allocator` repeats. */
export const CONFIRM_FOLDER = 'confirm-allocator';

/** Folder below a run's, of its heap snapshots. */
export const HEAP_FOLDER = 'heap';

/** Every file that a run may leave in its folder: rotated logs too. */
export const ALL_RUN_FILES: readonly string[] = [...Object.values(RUN_FILES), `${RUN_FILES.targetLog}.1`];
