import { closeSync, openSync, readSync } from 'node:fs';

/** A file of `/proc` or of a control group that stays open: reading it again costs half of opening it each time. */
export interface KeptFile {
  /**
   * Bytes read into the buffer from the start of the file; null when it cannot be read (the process has gone, or
   * we may not look). After a refusal it is not tried again: for a process that has gone nothing else can come.
   */
  read(buffer: Buffer): number | null;
  close(): void;
}

/** Opens the file at once; one that cannot be opened reads as null for ever. */
export function keepOpen(path: string): KeptFile {
  let fd = tryOpen(path);
  const close = (): void => {
    if (fd !== null) closeSync(fd);
    fd = null;
  };
  return {
    read: (buffer) => {
      if (fd === null) return null;
      try {
        return readSync(fd, buffer, 0, buffer.length, 0);
      } catch {
        close();
        return null;
      }
    },
    close,
  };
}

function tryOpen(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch {
    return null;
  }
}
