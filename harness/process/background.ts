/** A server that goes to the background leaves its process group, and some clear their environment as well. */
import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseServiceAddress } from '../core/service-address.js';
import { listeningInodes, portOwner } from './port-owner.js';
import { listProcesses, processTree } from './process-tree.js';

/** Kernel clock ticks per second as /proc reports them (proc(5)). */
const TICKS_PER_SEC = 100;

/** How long a socket that listens may belong to nobody: it is handed over to a process that is still starting. */
const HANDOVER_MS = 5_000;
const LOOK_EVERY_MS = 50;

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
export async function endInBackground(
  launched: LaunchedProgram,
  addresses: Readonly<Record<string, string>>,
): Promise<void> {
  const ports = Object.values(addresses).map((text) => parseServiceAddress(text).port);
  const ownerNow = (): number | null =>
    portOwner(
      ports,
      listProcesses().filter(({ startTicks }) => startTicks >= launched.startTicks),
    );
  const isFree = (): boolean => listeningInodes(ports).size === 0;
  await until(() => isFree() || ownerNow() !== null);
  const owner = ownerNow();
  if (owner === null || launched.file === null || programOf(owner) !== launched.file) return;
  for (const { pid } of processTree(owner)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
  }
  await until(isFree);
}

/** Waits for it, but no longer than a handover may take. */
async function until(done: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + HANDOVER_MS;
  while (!done() && performance.now() < deadlineMs) await delay(LOOK_EVERY_MS);
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
