import type { GroupWay, MemoryLimits } from '../process/memory-group.js';
import { BUILT_IN_NODE } from '../process/node-command.js';
import type { SnapshotSignal } from '../process/signal-snapshot.js';

/** The node that comes with leak-soak, or that of another version of it. */
export interface BuiltInTarget {
  readonly kind: 'built-in';
  readonly program: string;
}

/** A server that the run starts and ends. */
export interface CommandTarget {
  readonly kind: 'command';
  /** Executed directly, without a shell. */
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  /** Added to the environment that every target gets. */
  readonly env: Readonly<Record<string, string>>;
  /** Where it will listen, by service. */
  readonly addresses: Readonly<Record<string, string>>;
  /** A line of its output that shows it is ready; null: listening on its addresses does. */
  readonly readyLog: RegExp | null;
  readonly readyTimeoutMs: number;
  /** Runs it in a control group of its own; null: in the rig's. */
  readonly memory: GroupedMemory | null;
  /** It writes a heap snapshot on this signal. @default unknown: the agent in it does */
  readonly snapshotSignal?: SnapshotSignal | undefined;
}

/** Limits on the memory of a target, with the way to set them on this machine. */
export interface GroupedMemory extends MemoryLimits {
  readonly way: GroupWay;
}

/** A server that runs already and goes on running. */
export interface AttachedTarget {
  readonly kind: 'attached';
  readonly pid: number;
  /** Its command line, for the record. */
  readonly command: readonly string[];
  /** True: its heap may be read through the inspector of Node, which is switched on in it. */
  readonly allowInspect: boolean;
  /** It writes a heap snapshot on this signal. @default unknown: its inspector does, where that may be switched on */
  readonly snapshotSignal?: SnapshotSignal | undefined;
  readonly addresses: Readonly<Record<string, string>>;
}

/** What is put under test. */
export type TargetSpec = BuiltInTarget | CommandTarget | AttachedTarget;

export const BUILT_IN: BuiltInTarget = { kind: 'built-in', program: BUILT_IN_NODE };

/** How long a target may take until it is ready. */
export const DEFAULT_READY_TIMEOUT_MS = 15_000;
