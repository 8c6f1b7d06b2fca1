import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import type { ProcessReading, ProcessSource } from './process-reading.js';

/** Kernel clock ticks per second as /proc reports them: 100 on every Linux that Node runs on (proc(5)). */
const CLOCK_TICK_MS = 10;

/** Longest line of /proc/PID/stat: 52 numbers and a name of 16 bytes. */
const STAT_BYTES = 1024;

/** The fields of /proc/PID/stat that matter here (proc(5), numbered from 1). */
export interface StatLine {
  /** Field 3: one letter; `Z` is a zombie. */
  readonly state: string;
  /** Fields 14 and 15. */
  readonly cpuMs: number;
  /** Field 20. */
  readonly threads: number;
  /** Field 22: the process's identity together with its number. */
  readonly startTicks: string;
  /** Field 24, in pages. */
  readonly rssPages: number;
}

/** Parses /proc/PID/stat. The name (field 2) may hold blanks and parentheses, so it is cut at the last one. */
export function parseStatLine(text: string): StatLine {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): string => fields[number - 3] ?? '';
  return {
    state: field(3),
    cpuMs: (Number(field(14)) + Number(field(15))) * CLOCK_TICK_MS,
    threads: Number(field(20)),
    startTicks: field(22),
    rssPages: Number(field(24)),
  };
}

/**
 * Reads a process from /proc: one small read and one stat per sample, whatever the process's size.
 *
 * The process is followed by number and start time, so a number given to another process reads as gone, and
 * so does a zombie. Throws `ENOENT` when there is no such process to begin with.
 */
export function openProcSource(pid: number): ProcessSource {
  const buffer = Buffer.alloc(STAT_BYTES);
  const readStat = (): StatLine => {
    const fd = openSync(`/proc/${pid}/stat`, 'r');
    try {
      return parseStatLine(buffer.toString('latin1', 0, readSync(fd, buffer, 0, STAT_BYTES, 0)));
    } finally {
      closeSync(fd);
    }
  };
  const { startTicks } = readStat();
  const pageBytes = pageSize();
  const countFds = fdCounter();

  const read = (): ProcessReading | null => {
    let stat: StatLine;
    try {
      stat = readStat();
    } catch {
      return null;
    }
    if (stat.startTicks !== startTicks || stat.state === 'Z' || stat.state === 'X') return null;
    return {
      rssBytes: stat.rssPages * pageBytes,
      fds: countFds(pid),
      threads: stat.threads,
      cpuMs: stat.cpuMs,
    };
  };
  return { name: 'proc', read: () => Promise.resolve(read()), close: () => undefined };
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

/**
 * True where the size of /proc/PID/fd is the number of descriptors (Linux 6.2 and newer); elsewhere it is 0
 * and they must be listed one by one.
 */
export function fdCountIsCheap(): boolean {
  return statSync('/proc/self/fd').size > 0;
}

/** Counts descriptors; null where we may not look (another user's process). */
function fdCounter(): (pid: number) => number | null {
  const count = fdCountIsCheap()
    ? (pid: number) => statSync(`/proc/${pid}/fd`).size
    : (pid: number) => readdirSync(`/proc/${pid}/fd`).length;
  return (pid) => {
    try {
      // stat() of the folder needs no right to it; a listing does, and 0 is what we may not see.
      return count(pid) || null;
    } catch {
      return null;
    }
  };
}

/** Bytes per page: AT_PAGESZ of the auxiliary vector, which the kernel hands to every process. */
export function pageSize(): number {
  const AT_PAGESZ = 6n;
  try {
    const vector = readFileSync('/proc/self/auxv');
    for (let at = 0; at + 16 <= vector.length; at += 16) {
      if (vector.readBigUInt64LE(at) === AT_PAGESZ) return Number(vector.readBigUInt64LE(at + 8));
    }
  } catch {
    return 4096;
  }
  return 4096;
}
