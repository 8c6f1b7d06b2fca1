/**
 * A control group v2 for the target alone, with limits on its memory (kernel: admin-guide/cgroup-v2.rst). It is
 * made beside the rig's own group where that has been delegated to us, else by systemd-run.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { usageError } from '../core/errors.js';

/** Limits in bytes; null for none. */
export interface MemoryLimits {
  /** `memory.high`: above it the kernel slows the processes down and takes memory back. */
  readonly high: number | null;
  /** `memory.max`: at it the kernel's OOM killer ends them. */
  readonly max: number | null;
}

/** How a group can be had here: a folder under which we may make one, or systemd-run. */
export type GroupWay =
  | { readonly kind: 'folder'; readonly parent: string }
  | { readonly kind: 'systemd-run'; readonly flags: readonly string[] };

/** A command that runs in a group of its own. */
export interface GroupedCommand {
  readonly command: readonly [string, ...string[]];
  /** What its environment needs beside the target's own. */
  readonly env: Readonly<Record<string, string>>;
  /** The group's folder; null where systemd keeps it, and takes it away. */
  readonly folder: string | null;
  /** Takes the group away once its processes have ended. */
  remove(): Promise<void>;
}

/** How long the kernel may take to let go of processes that have just ended. */
const REMOVE_TIMEOUT_MS = 1_000;
const REMOVE_EVERY_MS = 50;

/** Moves itself into the group, then becomes the command: no moment of it is outside. */
const ENTER = 'echo $$ > "$0/cgroup.procs" && exec "$@"';

/**
 * Finds out how the target can have a group of its own. Throws `usage` that says why it cannot.
 *
 * @param flag the flag that asked for it
 */
export function findGroupWay(flag: string, proc = '/proc', probe = systemdRunWorks): GroupWay {
  const folder = delegatedParent(proc);
  if (typeof folder !== 'string') return folder;
  for (const flags of [['--user', '--scope'], ['--scope']]) {
    if (probe(flags)) return { kind: 'systemd-run', flags };
  }
  throw usageError(
    `${flag} needs a control group of its own for the target: ${folder}, and systemd-run starts nothing here; ` +
      'set the limit from outside (docker run --memory, a systemd unit) and leave the flag out',
  );
}

/** Puts a command into a new group with these limits. `name` is the group's; errors of the file system are thrown. */
export function groupCommand(
  way: GroupWay,
  limits: MemoryLimits,
  name: string,
  command: readonly [string, ...string[]],
): GroupedCommand {
  if (way.kind === 'systemd-run') {
    const properties = [
      ...(limits.high === null ? [] : ['-p', `MemoryHigh=${limits.high}`]),
      ...(limits.max === null ? [] : ['-p', `MemoryMax=${limits.max}`]),
    ];
    const scope = ['-q', '--collect', `--unit=${name}`, ...properties, '--', ...command];
    // Where systemd-run finds the user's own service manager.
    const { XDG_RUNTIME_DIR } = process.env;
    const env = XDG_RUNTIME_DIR === undefined ? {} : { XDG_RUNTIME_DIR };
    return {
      command: ['systemd-run', ...way.flags, ...scope],
      env,
      folder: null,
      remove: async () => undefined,
    };
  }
  const folder = join(way.parent, name);
  mkdirSync(folder);
  if (limits.high !== null) writeFileSync(join(folder, 'memory.high'), String(limits.high));
  if (limits.max !== null) writeFileSync(join(folder, 'memory.max'), String(limits.max));
  return {
    command: ['/bin/sh', '-c', ENTER, folder, ...command],
    env: {},
    folder,
    remove: () => removeGroup(folder),
  };
}

/** The folder that holds the rig's group, when a sibling with limits may be made there; else why not, in words. */
function delegatedParent(proc: string): GroupWay | string {
  const group = /^0::(.+)$/m.exec(read(`${proc}/self/cgroup`))?.[1] ?? '';
  const mount = /^(?:\S+ ){4}(\S+) .* - cgroup2 /m.exec(read(`${proc}/self/mountinfo`))?.[1];
  if (mount === undefined) return 'cgroup v2 is not mounted';
  const parent = dirname(join(mount, group));
  if (group === '/' || group === '') {
    return read(join(mount, 'cgroup.controllers')).includes('memory')
      ? 'leak-soak is in the root of its hierarchy, which cannot be divided'
      : 'the memory controller of this machine is not in cgroup v2';
  }
  if (!read(join(parent, 'cgroup.subtree_control')).includes('memory')) {
    return `the memory controller is not switched on below ${parent}`;
  }
  try {
    accessSync(parent, constants.W_OK);
    accessSync(join(parent, 'cgroup.procs'), constants.W_OK);
  } catch {
    return `${parent} has not been delegated to this user`;
  }
  return { kind: 'folder', parent };
}

function systemdRunWorks(flags: readonly string[]): boolean {
  return spawnSync('systemd-run', [...flags, '-q', '--collect', 'true'], { timeout: 5_000 }).status === 0;
}

async function removeGroup(folder: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < REMOVE_TIMEOUT_MS; waitedMs += REMOVE_EVERY_MS) {
    try {
      rmdirSync(folder);
      return;
    } catch {
      await delay(REMOVE_EVERY_MS);
    }
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
