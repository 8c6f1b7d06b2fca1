import { readFileSync } from 'node:fs';
import { usageError } from '../core/errors.js';
import { awaitEnd, identityOf } from './process-end.js';
import type { ProcessExit } from './target-process.js';

/** A process that somebody else started and that goes on when we are done. */
export interface AttachedProcess {
  /** Resolves when it has gone; how it ended is known only of a zombie. */
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
    exited: awaitEnd(pid, born, detached.signal),
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
