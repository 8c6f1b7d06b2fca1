import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** Kernel clock ticks per second as /proc reports them: 100 on every Linux that Node runs on (proc(5)). */
const CLOCK_TICK_MS = 10;

/** Longest line of /proc/PID/stat: 52 numbers and a name of 16 bytes. */
export const STAT_BYTES = 1024;

const SPACE = 32;
const OPENING_PARENTHESIS = 40;
const CLOSING_PARENTHESIS = 41;
const MINUS = 45;
const DIGIT_ZERO = 48;

/** The fields of /proc/PID/stat that matter here (proc_pid_stat(5), numbered from 1). */
export interface StatLine {
  /** Field 3: one letter; `Z` is a zombie. */
  readonly state: string;
  /** Field 4. */
  readonly parentPid: number;
  /** Fields 14 and 15: time used, user and system. */
  readonly cpuMs: number;
  /** Fields 16 and 17: the same of its children that have ended and were waited for, and of theirs. */
  readonly childrenCpuMs: number;
  /** Field 20. */
  readonly threads: number;
  /** Field 22: the process's identity together with its number. */
  readonly startTicks: number;
  /** Field 24, in pages. */
  readonly rssPages: number;
}

/** The last field that is looked at. */
const LAST_FIELD = 24;

/**
 * Parses the first `length` bytes of a buffer as /proc/PID/stat. The name (field 2) may hold blanks and
 * parentheses, so it is cut at the last one. Digits are added up where they stand: a text per field would cost
 * more than the kernel's own work.
 */
export function parseStatLine(buffer: Buffer, length: number): StatLine {
  const fields = new Float64Array(LAST_FIELD + 1);
  let at = buffer.subarray(0, length).lastIndexOf(CLOSING_PARENTHESIS) + 2;
  const state = String.fromCharCode(buffer[at] ?? SPACE);
  at += 2;
  for (let field = 4; field <= LAST_FIELD && at < length; field++) {
    const negative = buffer[at] === MINUS;
    if (negative) at++;
    let value = 0;
    for (let byte = buffer[at++]; byte !== undefined && byte > SPACE; byte = buffer[at++]) {
      value = value * 10 + byte - DIGIT_ZERO;
    }
    fields[field] = negative ? -value : value;
  }
  const field = (number: number): number => fields[number] as number;
  return {
    state,
    parentPid: field(4),
    cpuMs: (field(14) + field(15)) * CLOCK_TICK_MS,
    childrenCpuMs: (field(16) + field(17)) * CLOCK_TICK_MS,
    threads: field(20),
    startTicks: field(22),
    rssPages: field(24),
  };
}

/** Field 2: the process's name, between the first parenthesis and the last. */
function nameIn(buffer: Buffer, length: number): string {
  const line = buffer.subarray(0, length);
  return line.toString('utf8', line.indexOf(OPENING_PARENTHESIS) + 1, line.lastIndexOf(CLOSING_PARENTHESIS));
}

/** /proc/PID/stat of any process, with its name; null when there is none of this number. */
export function readStat(pid: number, buffer: Buffer): (StatLine & { readonly name: string }) | null {
  let fd: number;
  try {
    fd = openSync(`/proc/${pid}/stat`, 'r');
  } catch {
    return null;
  }
  try {
    const length = readSync(fd, buffer, 0, STAT_BYTES, 0);
    return { ...parseStatLine(buffer, length), name: nameIn(buffer, length) };
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}

/** True for a process that has ended: a zombie, or one that is being taken away. */
export function hasEnded({ state }: StatLine): boolean {
  return state === 'Z' || state === 'X';
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
