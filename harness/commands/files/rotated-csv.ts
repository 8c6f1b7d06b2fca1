import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { partName } from './csv-parts.js';
import { cannotWrite } from './run-folder.js';

/** A CSV that is cut into parts as it grows: full ones become `NAME-1.csv`, `NAME-2.csv` …, the last is `NAME.csv`. */
export interface RotatedCsv {
  /** Appends whole rows. Throws `could-not-run` when the disk refuses. */
  append(rows: string): void;
  /** Rows from here on have other columns: the header is replaced while no row stands below it, else a part begins. */
  columns(header: string): void;
  /** Whatever was appended is on the disk. */
  sync(): void;
  close(): void;
}

/** What a part may hold in bytes: 100 MB open in any editor, and hold a day of two hundred gauges at 1 Hz. */
export const MAX_PART_BYTES = 100e6;

/** Opens the CSV of this name (`samples.csv`) in a folder where it is not yet. */
export function openRotatedCsv(
  folder: string,
  fileName: string,
  header: string,
  maxPartBytes = MAX_PART_BYTES,
): RotatedCsv {
  const path = join(folder, fileName);
  let current = header;
  let full = 0;
  let bytes = 0;
  let rows = false;
  let fd = openSync(path, 'w', 0o600);

  const write = (text: string): void => {
    try {
      bytes += writeSync(fd, text);
    } catch (error) {
      throw cannotWrite(path, error);
    }
  };
  const begin = (flags: 'w' | 'wx'): void => {
    closeSync(fd);
    fd = openSync(path, flags, 0o600);
    bytes = 0;
    rows = false;
    write(current);
  };
  const rotate = (): void => {
    full++;
    try {
      renameSync(path, join(folder, partName(fileName, full)));
      begin('wx');
    } catch (error) {
      throw cannotWrite(path, error);
    }
  };
  write(current);
  return {
    append(text) {
      if (rows && bytes + Buffer.byteLength(text) > maxPartBytes) rotate();
      write(text);
      rows = true;
    },
    columns(next) {
      if (next === current) return;
      current = next;
      if (rows) rotate();
      else begin('w');
    },
    sync: () => fsyncSync(fd),
    close: () => closeSync(fd),
  };
}
