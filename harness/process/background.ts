/** A server that goes to the background leaves its process group, and some clear their environment as well. */
import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { parseServiceAddress } from '../core/service-address.js';
import { portOwner } from './port-owner.js';
import { listProcesses, processTree } from './process-tree.js';

/** Kernel clock ticks per second as /proc reports them (proc(5)). */
const TICKS_PER_SEC = 100;

/** What is remembered of a program that is about to be launched: it may be gone before it can be looked at. */
export interface LaunchedProgram {
  /** The file it executes; null when it is not found. */
  readonly file: string | null;
  /** When it was launched, in clock ticks since boot. */
  readonly startTicks: number;
}

/** To be called before the launch. `searchPath` is the PATH of its environment. */
export function rememberProgram(command: string, cwd: string, searchPath: string): LaunchedProgram {
  const directories = command.includes('/') ? [cwd] : searchPath.split(delimiter);
  const candidates = directories.map((directory) => realPathOf(resolve(directory, command)));
  const file = candidates.find((candidate) => candidate !== null) ?? null;
  return { file, startTicks: Math.floor(uptimeSec() * TICKS_PER_SEC) };
}

/**
 * Ends what serves on the addresses, when it is the launched program gone to the background: the same file, begun
 * since. The addresses were free before the launch, so nobody else's server is met.
 */
export function endInBackground(
  launched: LaunchedProgram,
  addresses: Readonly<Record<string, string>>,
): void {
  const ports = Object.values(addresses).map((text) => parseServiceAddress(text).port);
  const since = listProcesses().filter(({ startTicks }) => startTicks >= launched.startTicks);
  const owner = portOwner(ports, since);
  if (owner === null || launched.file === null || programOf(owner) !== launched.file) return;
  for (const { pid } of processTree(owner)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
  }
}

function programOf(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return null;
  }
}

function realPathOf(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

/** Infinite where there is no /proc, so that nothing counts as begun since. */
function uptimeSec(): number {
  try {
    return Number.parseFloat(readFileSync('/proc/uptime', 'latin1'));
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
