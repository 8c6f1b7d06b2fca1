import { readdirSync, statSync } from 'node:fs';

/**
 * True where the size of /proc/PID/fd is the number of descriptors (Linux 6.2 and newer); elsewhere it is 0
 * and they must be listed one by one.
 */
export function fdCountIsCheap(): boolean {
  return statSync('/proc/self/fd').size > 0;
}

/** Counts descriptors; null where we may not look (another user's process) or the process has gone. */
export function fdCounter(): (pid: number) => number | null {
  const count = fdCountIsCheap()
    ? (folder: string) => statSync(folder, { throwIfNoEntry: false })?.size ?? 0
    : (folder: string) => readdirSync(folder).length;
  return (pid) => {
    try {
      // stat() of the folder needs no right to it; a listing does, and 0 is what we may not see.
      return count(`/proc/${pid}/fd`) || null;
    } catch {
      return null;
    }
  };
}
