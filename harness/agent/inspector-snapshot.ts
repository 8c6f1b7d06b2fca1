import { closeSync, openSync, writeSync } from 'node:fs';
import { couldNotRun, messageOf } from '../core/errors.js';

/** A heap snapshot that an inspector sends piece by piece. */
export interface SnapshotFile {
  /** Of the command that asked for it. */
  readonly id: number;
  write(chunk: string): void;
  /** Called with null when all of it was sent, else with why not; only the first call counts. */
  end(error: string | null): void;
}

/** Opens the file for this user alone; what the disk refuses ends it with `could-not-run`. */
export function writeSnapshot(
  id: number,
  path: string,
  done: () => void,
  failed: (error: Error) => void,
): SnapshotFile {
  const file = openSync(path, 'w', 0o600);
  let open = true;
  const end = (error: string | null): void => {
    if (!open) return;
    open = false;
    closeSync(file);
    if (error === null) done();
    else failed(couldNotRun(`no heap snapshot through the inspector: ${error}`));
  };
  return {
    id,
    write: (chunk) => {
      if (!open) return;
      try {
        writeSync(file, chunk);
      } catch (cause) {
        end(messageOf(cause));
      }
    },
    end,
  };
}
