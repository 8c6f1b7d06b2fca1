import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { usageError } from '../core/errors.js';
import type { ProcessExit } from './target-process.js';

/** How often an attached process is looked for: nobody tells us when another's child ends. */
const LOOK_EVERY_MS = 500;

/** A process that somebody else started and that goes on when we are done. */
export interface AttachedProcess {
  /** Resolves when it has gone; its exit status is its parent's to know, so both fields are null. */
  readonly exited: Promise<ProcessExit>;
  /** Its command line as the kernel shows it. */
  readonly command: readonly [string, ...string[]];
  /** Ends the watching, not the process. */
  detach(): void;
}

/** Attaches to a running process. Throws `usage` as `checkAttachable` does. */
export function attachTo(pid: number): AttachedProcess {
  const { born, command } = checkAttachable(pid);
  const detached = new AbortController();
  return {
    exited: watch(pid, born, detached.signal),
    command,
    detach: () => detached.abort(),
  };
}

/**
 * Throws `usage` when there is no process of this number, and for a kernel thread or ourselves, which cannot be
 * judged.
 */
export function checkAttachable(pid: number): {
  readonly born: string;
  readonly command: [string, ...string[]];
} {
  if (pid === process.pid) throw usageError(`--pid ${pid} is leak-soak itself: name the server's process`);
  const born = identityOf(pid);
  if (born === null) throw usageError(`--pid ${pid}: there is no such process (is it still running?)`);
  const [file, ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
  if (file === undefined) {
    throw usageError(`--pid ${pid} is a kernel thread: it has no memory of its own to judge`);
  }
  return { born, command: [file, ...args] };
}

async function watch(pid: number, born: string, detached: AbortSignal): Promise<ProcessExit> {
  const gone: ProcessExit = { code: null, signal: null };
  try {
    while (identityOf(pid) === born) await delay(LOOK_EVERY_MS, undefined, { signal: detached, ref: false });
    return gone;
  } catch {
    return gone;
  }
}

/** Start time of a live process (field 22 of /proc/PID/stat); null when it has gone or is a zombie. */
function identityOf(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}
