/** Heap snapshots by a signal: `node --heapsnapshot-signal=…`, the package `heapdump`, a handler of the program's. */
import { readlinkSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { couldNotRun, messageOf } from '../core/errors.js';
import { identityOf } from './process-end.js';
import { runsNode } from './served-by.js';
import { endOf, moveForUser, newSnapshot, snapshotFolders, snapshotsIn } from './snapshot-files.js';
import { catches } from './status-field.js';

/**
 * Signals that may mean "write a heap snapshot". SIGUSR1 is Node's own (it opens the inspector), and those that end a
 * server in good order are caught by many a program.
 */
export const SNAPSHOT_SIGNALS = ['SIGUSR2', 'SIGHUP', 'SIGQUIT'] as const;

export type SnapshotSignal = (typeof SNAPSHOT_SIGNALS)[number];

const LOOK_EVERY_MS = 50;

/** Nobody says when a snapshot is complete: so often its size has to be the same, and its end that of a snapshot. */
const STEADY_LOOKS = 10;

/** Why a process must not get the signal, one sentence; null when it may. An uncaught one would end it. */
export function whyNoSignal(pid: number, signal: SnapshotSignal): string | null {
  if (!runsNode(pid)) {
    return `process ${pid} does not run Node: give the server's own process, not its wrapper`;
  }
  if (catches(pid, signal)) return null;
  return (
    `process ${pid} does not handle ${signal}, which would end it: start it with node --heapsnapshot-signal=${signal}` +
    `${signal === 'SIGUSR2' ? ', or load the package heapdump in it' : ''}`
  );
}

/**
 * Has a process write a heap snapshot and moves it to `path`, for this user alone. Rejects with `could-not-run` when
 * it must not get the signal, ends of it or cannot be read, and with the signal's reason when `stop` aborts; what was
 * written by then is taken away.
 */
export async function snapshotBySignal(
  pid: number,
  signal: SnapshotSignal,
  path: string,
  stop: AbortSignal,
): Promise<void> {
  stop.throwIfAborted();
  const refusal = whyNoSignal(pid, signal);
  if (refusal !== null) throw couldNotRun(refusal);
  const born = identityOf(pid);
  const folders = snapshotFolders(pid);
  const before = snapshotsIn(folders);
  let file: string | null = null;
  try {
    process.kill(pid, signal);
    for (let bytes = -1, steady = 0; steady < STEADY_LOOKS; ) {
      await delay(LOOK_EVERY_MS, undefined, { signal: stop });
      if (identityOf(pid) !== born) throw new Error('the process ended meanwhile');
      file = newSnapshot(before, snapshotsIn(folders));
      const end = file === null ? null : endOf(file);
      steady = end?.closed && end.bytes === bytes ? steady + 1 : 0;
      bytes = end?.bytes ?? -1;
    }
    moveForUser(file as string, path);
  } catch (error) {
    if (file !== null) rmSync(file, { force: true });
    if (stop.aborted && file !== null) throw stop.reason;
    const why = stop.aborted ? `no file *.heapsnapshot came in ${namesOf(folders)}` : messageOf(error);
    throw couldNotRun(`no heap snapshot on ${signal}: ${why}`, error);
  }
}

/** The folders by their names outside of /proc. */
function namesOf(folders: readonly string[]): string {
  return folders.map(nameOf).join(' or ');
}

function nameOf(folder: string): string {
  try {
    return readlinkSync(folder);
  } catch {
    return folder.replace(/^\/proc\/\d+\/root/, '');
  }
}
