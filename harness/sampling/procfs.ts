import { readFileSync } from 'node:fs';
import { fdCounter } from './fd-count.js';
import { keepOpen } from './kept-file.js';
import { hasEnded, pageSize, parseStatLine, STAT_BYTES } from './proc-stat.js';
import type { ProcessReading, ProcessSource } from './process-reading.js';

/**
 * Reads a process from /proc: one small read of a file kept open and one stat per sample, whatever the
 * process's size.
 *
 * The open file belongs to the process itself, so its number in another's hands reads as gone, and so does a
 * zombie. Throws `ENOENT` when there is no such process to begin with.
 */
export function openProcSource(pid: number): ProcessSource {
  const path = `/proc/${pid}/stat`;
  readFileSync(path);
  const file = keepOpen(path);
  const buffer = Buffer.alloc(STAT_BYTES);
  const pageBytes = pageSize();
  const countFds = fdCounter();

  const read = (): ProcessReading | null => {
    const length = file.read(buffer);
    if (length === null) return null;
    const stat = parseStatLine(buffer, length);
    if (hasEnded(stat)) return null;
    return {
      rssBytes: stat.rssPages * pageBytes,
      fds: countFds(pid),
      threads: stat.threads,
      cpuMs: stat.cpuMs,
      childrenCpuMs: stat.childrenCpuMs,
    };
  };
  return { name: 'proc', read: () => Promise.resolve(read()), close: file.close };
}

/** True where /proc can be read at all. */
export function hasProcfs(): boolean {
  try {
    readFileSync('/proc/self/stat');
    return true;
  } catch {
    return false;
  }
}
