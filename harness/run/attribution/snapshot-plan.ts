/** When heap snapshots are taken: never, of a run that failed on what they can show, or of every run. */
export const SNAPSHOTS_WHEN = ['off', 'on-fail', 'always'] as const;

export type SnapshotsWhen = (typeof SNAPSHOTS_WHEN)[number];

/** Whether and how a run takes heap snapshots after the judged window. */
export interface SnapshotPlan {
  readonly when: SnapshotsWhen;
  /** Leave the contents of strings out of those that are kept. */
  readonly stripStrings: boolean;
  /** The whole run takes no longer than this; null for as long as it takes. */
  readonly deadlineMs: number | null;
}
