/** Heap snapshots that a process writes by itself: where they come to stand, and when one is complete. */
import {
  chmodSync,
  closeSync,
  copyFileSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { isAbsolute, join } from 'node:path';

const SUFFIX = '.heapsnapshot';

/** `--diagnostic-dir DIR` or `=DIR`; Node takes an underscore for a dash. */
const DIAGNOSTIC_DIR = /^--diagnostic[-_]dir(?:=(.*))?$/s;

/** Words of NODE_OPTIONS: divided by blanks, double quotes keep blanks (node(1)). */
const OPTION_WORD = /(?:[^\s"]|"(?:\\.|[^"\\])*")+/g;

/** More than what may stand behind the last brace. */
const TAIL_BYTES = 64;

/**
 * Where a Node process writes snapshots: its `--diagnostic-dir`, and its working directory, which V8's own function
 * and the package `heapdump` use. As the process itself sees them, in a container too (proc_pid_root(5)).
 */
export function snapshotFolders(pid: number, proc = '/proc'): readonly string[] {
  const words = recordsOf(`${proc}/${pid}/cmdline`);
  const options = recordsOf(`${proc}/${pid}/environ`).find((entry) => entry.startsWith('NODE_OPTIONS='));
  const given = diagnosticDir(words) ?? diagnosticDir(optionWords(options?.slice('NODE_OPTIONS='.length)));
  const cwd = `${proc}/${pid}/cwd`;
  if (given === null || given === '') return [cwd];
  return [isAbsolute(given) ? join(`${proc}/${pid}/root`, given) : join(cwd, given), cwd];
}

/** The snapshots in these folders with the time of their last change; a folder that may not be read has none. */
export function snapshotsIn(folders: readonly string[]): ReadonlyMap<string, number> {
  return new Map(folders.flatMap((folder) => namesIn(folder).map((name) => changeOf(join(folder, name)))));
}

/** A snapshot that was not there before, or is being written over; null while there is none. */
export function newSnapshot(
  before: ReadonlyMap<string, number>,
  now: ReadonlyMap<string, number>,
): string | null {
  for (const [file, changedMs] of now) if (before.get(file) !== changedMs) return file;
  return null;
}

/** Bytes that a file has, and whether it ends as the JSON of a snapshot does; null when it is gone. */
export function endOf(file: string): { readonly bytes: number; readonly closed: boolean } | null {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return null;
  }
  try {
    const bytes = fstatSync(descriptor).size;
    const tail = Buffer.alloc(Math.min(bytes, TAIL_BYTES));
    readSync(descriptor, tail, 0, tail.length, bytes - tail.length);
    return { bytes, closed: tail.toString('latin1').trimEnd().endsWith(']}') };
  } finally {
    closeSync(descriptor);
  }
}

/** Moves a file and makes it readable for this user alone; copies it where it goes to another file system. */
export function moveForUser(from: string, to: string): void {
  chmodSync(from, 0o600);
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    copyFileSync(from, to);
    chmodSync(to, 0o600);
    rmSync(from);
  }
}

function diagnosticDir(words: readonly string[]): string | null {
  const at = words.findLastIndex((word) => DIAGNOSTIC_DIR.test(word));
  return at < 0 ? null : (DIAGNOSTIC_DIR.exec(words[at] as string)?.[1] ?? words[at + 1] ?? null);
}

function optionWords(options = ''): readonly string[] {
  return (options.match(OPTION_WORD) ?? []).map((word) =>
    word.replace(/"((?:\\.|[^"\\])*)"/g, (_all, inner: string) => inner.replace(/\\(.)/g, '$1')),
  );
}

/** The texts of a file that ends each with a zero byte; none where it may not be read. */
function recordsOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(SUFFIX));
  } catch {
    return [];
  }
}

function changeOf(file: string): readonly [string, number] {
  return [file, statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0];
}
