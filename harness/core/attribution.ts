import type { Culprit, SnapshotSummary } from './culprit.js';

/** What a run's heap snapshots came to, taken after the judged window while the load went on as before. */
export interface Attribution {
  /** Who took them: the agent inside the target, its inspector, or the target itself on a signal. */
  readonly engine: 'agent' | 'inspector' | 'signal';
  /** The process they are of: the one with the largest heap among those of the target. */
  readonly pid: number;
  /** Operations offered between two of them; null of a load that cannot count. */
  readonly operations: number | null;
  /** In the order in which they were taken; `file` is in the run's folder. */
  readonly snapshots: readonly SnapshotSummary[];
  /** From the first snapshot to the last. */
  readonly growthBytes: number;
  readonly culprits: readonly Culprit[];
}

/** What descriptors of a target stand for, after the judged window. */
export interface OpenDescriptors {
  /** True where they go when the load goes, so that they were counted with it on. */
  readonly loadOn: boolean;
  /** The most first. */
  readonly groups: readonly DescriptorGroup[];
}

/** Descriptors of one kind. */
export interface DescriptorGroup {
  /** What they are and where they lead, e.g. `TCP ESTABLISHED to 127.0.0.1:5300`. */
  readonly what: string;
  readonly count: number;
}
