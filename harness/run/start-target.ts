import type { AgentClient } from '../agent/client.js';
import { couldNotRun, messageOf } from '../core/errors.js';
import type { TargetOutput } from '../core/manifest.js';
import type { TargetInfo } from '../core/target-info.js';
import { attachTo } from '../process/attached-process.js';
import { endInBackground, rememberProgram } from '../process/background.js';
import { openCappedLog } from '../process/capped-log.js';
import { groupCommand } from '../process/memory-group.js';
import { nodeCommand } from '../process/node-command.js';
import { waitUntilReady } from '../process/ready.js';
import { runsNode, servedBy } from '../process/served-by.js';
import { serverExit } from '../process/server-exit.js';
import { refuseTakenAddresses, waitUntilServing } from '../process/serving.js';
import { whyNoSignal } from '../process/signal-snapshot.js';
import { launchTarget, type ProcessExit, type TargetProcess } from '../process/target-process.js';
import { RUN_ID_VARIABLE, type Watchdog } from '../process/watchdog.js';
import {
  agentIn,
  type HeapAccess,
  inspectorOf,
  type SnapshotEngine,
  snapshotsOnSignal,
} from './heap-access.js';
import { writeNodeSettings } from './node-settings.js';
import type { ResolvedRun } from './run-options.js';
import type { RunSinks } from './sinks.js';
import {
  type AttachedTarget,
  type BuiltInTarget,
  type CommandTarget,
  DEFAULT_READY_TIMEOUT_MS,
} from './target-spec.js';

/** How long the target may take to end after SIGTERM. */
const STOP_GRACE_MS = 3_000;

/** The server under test, up and serving. */
export interface StartedTarget {
  /** The process that is watched: the one that serves, behind whatever wrapper started it. */
  readonly pid: number;
  readonly version: string | null;
  /** Addresses by service, e.g. `{dns: "127.0.0.1:40001"}`. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly isNode: boolean;
  /** Its heap from inside; null for a target that is no Node process, or one that we have no way into. */
  readonly heap: HeapAccess | null;
  /** Who takes heap snapshots of it; null for nobody. */
  readonly snapshots: SnapshotEngine | null;
  /** From its launch until it served; null of a process that ran already. */
  readonly readyAfterMs: number | null;
  /** Resolves, never rejects, when the watched process has ended, or the launched one. */
  readonly exited: Promise<ProcessExit>;
  /** True when SIGTERM was not enough. */
  killed(): boolean;
  /** The last lines of its output; none of a process that somebody else started. */
  tail(): readonly string[];
  /** What it has written so far; null of a process that somebody else started. */
  output(): TargetOutput | null;
}

/** What starting a target needs of the run around it. */
export interface TargetSurroundings {
  readonly paths: RunSinks['paths'];
  /** The environment of every process of the run. */
  readonly env: Readonly<Record<string, string>>;
  readonly agents: AgentClient;
  readonly watchdog: Watchdog;
  /** The run's monotonic clock. */
  readonly nowMs: () => number;
  /** Address of the load's own upstream; null when it has none. */
  readonly upstream: string | null;
  /** Takes what has to be done at the end, in reverse order. */
  readonly atEnd: (end: () => Promise<void> | void) => void;
  readonly signal: AbortSignal;
}

/** What the manifest says of a target before it is started. */
export function describeTarget(run: ResolvedRun, configPath: string): TargetInfo {
  const { target } = run;
  const unknown = { pid: null, version: null, isNode: null, addresses: {} };
  switch (target.kind) {
    case 'built-in':
      return { kind: 'built-in', command: nodeOf(target, run, configPath), ...unknown };
    case 'command':
      return { kind: 'command', command: target.command, ...unknown };
    case 'attached':
      return { kind: 'attached', command: target.command, ...unknown, pid: target.pid };
  }
}

/**
 * Starts or attaches to the target and waits until it serves.
 *
 * Throws `could-not-run` when it does not come up, `usage` for a process that cannot be attached to.
 */
export async function startTarget(run: ResolvedRun, around: TargetSurroundings): Promise<StartedTarget> {
  switch (run.target.kind) {
    case 'built-in':
      return startBuiltIn(run.target, run, around);
    case 'command':
      return startCommand(run.target, around);
    case 'attached':
      return attach(run.target, around);
  }
}

function nodeOf(
  { program }: BuiltInTarget,
  { scenario, faults }: ResolvedRun,
  configPath: string,
): [string, ...string[]] {
  const [node, ...args] = nodeCommand(
    program,
    '--config',
    configPath,
    ...faults.flatMap((id) => ['--fault', id]),
  );
  const { heapLimitMb, semiSpaceMb } = scenario.ofNode ?? {};
  const heapFlags = [
    heapLimitMb === undefined ? [] : `--max-old-space-size=${heapLimitMb}`,
    semiSpaceMb === undefined ? [] : `--max-semi-space-size=${semiSpaceMb}`,
  ].flat();
  return [node, ...heapFlags, ...args];
}

async function startBuiltIn(
  node: BuiltInTarget,
  run: ResolvedRun,
  around: TargetSurroundings,
): Promise<StartedTarget> {
  const configPath = around.paths.targetConfig;
  writeNodeSettings(run.scenario, { configPath, upstream: around.upstream, zone: run.choices.zone });
  const { target, tail, killed, output } = await launch(
    { command: nodeOf(node, run, configPath), cwd: process.cwd(), env: {} },
    around,
  );
  const launchedMs = around.nowMs();
  const { version, addresses } = await waitUntilReady(target, tail, DEFAULT_READY_TIMEOUT_MS, around.signal);
  const readyAfterMs = around.nowMs() - launchedMs;
  const { pid, exited } = target;
  const heap = await agentIn(pid, around.agents);
  const inside = { isNode: true, heap, snapshots: heap };
  return { pid, version, addresses, ...inside, readyAfterMs, exited, killed, tail, output };
}

async function startCommand(spec: CommandTarget, around: TargetSurroundings): Promise<StartedTarget> {
  await refuseTakenAddresses(spec.addresses);
  const program = rememberProgram(spec.command[0], spec.cwd, spec.env.PATH ?? around.env.PATH ?? '');
  around.atEnd(() => endInBackground(program, spec.addresses));
  const { target, tail, killed, output } = await launch(inGroup(spec, around), around);
  const signs = { addresses: spec.addresses, logPattern: spec.readyLog, timeoutMs: spec.readyTimeoutMs };
  const launchedMs = around.nowMs();
  await waitUntilServing(target, signs, tail, around.signal);
  const readyAfterMs = around.nowMs() - launchedMs;
  const pid = servedBy(target.pid, spec.addresses);
  const isNode = runsNode(pid);
  const heap = isNode ? await agentIn(pid, around.agents) : null;
  const inside = { isNode, heap, snapshots: snapshotsOf(pid, heap, spec) };
  const { addresses } = spec;
  const exited = serverExit(target, pid, addresses);
  return { pid, version: null, addresses, ...inside, readyAfterMs, exited, killed, tail, output };
}

/** The target in a control group with limits on its memory, where they were asked for. */
function inGroup(spec: CommandTarget, around: TargetSurroundings): CommandTarget {
  const { command, memory, env } = spec;
  if (memory === null) return spec;
  const name = `leak-soak-${around.env[RUN_ID_VARIABLE]}`;
  try {
    const grouped = groupCommand(memory.way, memory, name, command);
    around.atEnd(grouped.remove);
    if (grouped.folder !== null) around.watchdog.guardControlGroup(grouped.folder);
    return { ...spec, command: grouped.command, env: { ...grouped.env, ...env } };
  } catch (cause) {
    throw couldNotRun(`cannot make a control group for the target: ${messageOf(cause)}`, cause);
  }
}

async function attach(spec: AttachedTarget, around: TargetSurroundings): Promise<StartedTarget> {
  const attached = attachTo(spec.pid);
  around.atEnd(attached.detach);
  const heap = spec.allowInspect ? await inspectorOf(spec.pid, around) : null;
  return {
    pid: spec.pid,
    version: null,
    addresses: spec.addresses,
    isNode: runsNode(spec.pid),
    heap,
    snapshots: snapshotsOf(spec.pid, heap, spec),
    readyAfterMs: null,
    exited: attached.exited,
    killed: () => false,
    tail: () => [],
    output: () => null,
  };
}

/** The way of the user's choice, else the one there is. Throws `could-not-run` for a signal that must not be sent. */
function snapshotsOf(
  pid: number,
  heap: HeapAccess | null,
  { snapshotSignal }: CommandTarget | AttachedTarget,
): SnapshotEngine | null {
  if (snapshotSignal === undefined) return heap;
  const refusal = whyNoSignal(pid, snapshotSignal);
  if (refusal !== null) throw couldNotRun(`--snapshot-signal: ${refusal}`);
  return snapshotsOnSignal(pid, snapshotSignal, heap);
}

interface Launched {
  readonly target: TargetProcess;
  readonly tail: () => readonly string[];
  readonly killed: () => boolean;
  readonly output: () => TargetOutput;
}

/** Starts a process under the watchdog, with the agent in its environment, and sees to its end. */
async function launch(
  { command, cwd, env }: Pick<CommandTarget, 'command' | 'cwd' | 'env'>,
  around: TargetSurroundings,
): Promise<Launched> {
  const log = openCappedLog(around.paths.targetLog);
  around.atEnd(() => log.close());
  const target = await launchTarget({
    command,
    cwd,
    env: around.agents.environment({ ...around.env, ...env }),
    log,
  });
  around.watchdog.guard(target.pid);
  let killed = false;
  around.atEnd(async () => {
    ({ killed } = await target.stop(STOP_GRACE_MS));
    around.watchdog.release(target.pid);
  });
  return {
    target,
    tail: () => log.tail(),
    killed: () => killed,
    output: () => ({ ...log.written(), closedEarly: target.outputClosed() }),
  };
}
