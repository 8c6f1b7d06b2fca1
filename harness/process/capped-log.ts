import { closeSync, openSync, renameSync, writeSync } from 'node:fs';

/** A log file reaches this size, then it becomes `<file>.1` and a new one begins: at most twice this on disk. */
export const LOG_CAP_BYTES = 16 * 1024 * 1024;

/** Lines kept in memory for error messages, each cut to this length. */
const TAIL_LINES = 40;
const TAIL_LINE_LENGTH = 400;

/** No more than the end of a chunk is searched for lines: a target may write faster than text can be split. */
const TAIL_BYTES = TAIL_LINES * TAIL_LINE_LENGTH;

/** An output of a process on disk, capped and rotated, with its last lines at hand. */
export interface CappedLog {
  write(chunk: Buffer): void;
  /** The last lines written, oldest first, without empty ones. */
  tail(): readonly string[];
  /** Bytes written so far, and whether the first of them are no longer on disk. */
  written(): { readonly bytes: number; readonly cut: boolean };
  close(): void;
}

/** Opens the log for the user alone (mode 0600). Errors of opening are thrown; a full disk ends the writing. */
export function openCappedLog(path: string, capBytes: number = LOG_CAP_BYTES): CappedLog {
  let fd: number | null = openSync(path, 'w', 0o600);
  let size = 0;
  let bytes = 0;
  let rotations = 0;
  let lines: string[] = [];
  let partial = '';

  const rotate = (): void => {
    if (fd !== null) closeSync(fd);
    renameSync(path, `${path}.1`);
    fd = openSync(path, 'w', 0o600);
    size = 0;
    rotations++;
  };

  const remember = (chunk: Buffer): void => {
    const before = chunk.length > TAIL_BYTES ? '' : partial;
    const pieces = (before + chunk.subarray(-TAIL_BYTES).toString('utf8')).split('\n');
    partial = (pieces.pop() ?? '').slice(-TAIL_LINE_LENGTH);
    const fresh = pieces.filter((line) => line.trim() !== '').slice(-TAIL_LINES);
    lines = [...lines, ...fresh.map((line) => line.slice(0, TAIL_LINE_LENGTH))].slice(-TAIL_LINES);
  };

  return {
    write: (chunk) => {
      remember(chunk);
      bytes += chunk.length;
      if (fd === null) return;
      try {
        if (size + chunk.length > capBytes && size > 0) rotate();
        size += writeSync(fd, chunk);
      } catch {
        // A log that cannot be written must not end a run; the tail in memory goes on.
        closeSync(fd);
        fd = null;
      }
    },
    tail: () => (partial.trim() === '' ? lines : [...lines, partial].slice(-TAIL_LINES)),
    written: () => ({ bytes, cut: rotations > 1 }),
    close: () => {
      if (fd !== null) closeSync(fd);
      fd = null;
    },
  };
}
