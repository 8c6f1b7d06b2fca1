import { keepOpen } from './kept-file.js';

/** Room for the seven lines of /proc/PID/io. */
const IO_BYTES = 512;

const WRITE_BYTES = Buffer.from('\nwrite_bytes: ');
const DIGIT_ZERO = 48;

/** Reads what a process has caused to be written to storage. */
export interface IoProbe {
  /** Bytes since the process's start; null for another user's process (proc_pid_io(5)). */
  read(): number | null;
  close(): void;
}

export function openIoProbe(pid: number): IoProbe {
  const file = keepOpen(`/proc/${pid}/io`);
  const buffer = Buffer.alloc(IO_BYTES);
  return {
    read: () => {
      const length = file.read(buffer);
      return length === null ? null : parseWriteBytes(buffer, length);
    },
    close: file.close,
  };
}

/** The line `write_bytes: 4096` in the first `length` bytes; null without it. */
export function parseWriteBytes(buffer: Buffer, length: number): number | null {
  const found = buffer.indexOf(WRITE_BYTES);
  if (found < 0 || found >= length) return null;
  let value = 0;
  for (let at = found + WRITE_BYTES.length; at < length; at++) {
    const digit = (buffer[at] as number) - DIGIT_ZERO;
    if (digit < 0) break;
    value = value * 10 + digit;
  }
  return value;
}
