import { chmodSync, existsSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WantedSnapshot } from '../../agent/client.js';
import { couldNotRun, HarnessError } from '../../core/errors.js';
import { formatDuration } from '../../core/units.js';
import type { HeapSize, SnapshotEngine } from '../heap-access.js';
import type { Recorder } from '../recorder.js';
import { meansFor, patienceMs, pauseText, whyNot } from './guards.js';
import type { LoadUnits } from './load-unit.js';

/** Two cannot tell a leak from a cache that was filled once. */
const SNAPSHOTS = 3;

/** After each unit: what was in flight is forgotten where the load is off, and finalizers have run. */
const SETTLE_MS = 1_000;

/** Snapshots on disk, not compared yet. */
export interface TakenSnapshots {
  readonly engine: SnapshotEngine['engine'];
  readonly pid: number;
  /** As V8 wrote them, in the order in which they were taken. */
  readonly files: readonly string[];
  /** A sampling heap profile of what came after the first of them; null where nobody could sample. */
  readonly allocations: string | null;
  /** Operations offered between two of them, on the average; null of a load that cannot count. */
  readonly operations: number | null;
}

/**
 * Takes heap snapshots of a target with the same load before each: the first unit only brings everything to where the
 * later ones leave it. Rejects with `could-not-run` saying why there are none, and with the
 * signal's reason; no file is left then.
 */
export async function takeSnapshots(
  { sinks, clock }: Pick<Recorder, 'sinks' | 'clock'>,
  heap: SnapshotEngine,
  units: LoadUnits,
  signal: AbortSignal,
): Promise<TakenSnapshots> {
  const folder = sinks.paths.heap;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const size = allowed(heap, folder);
  const { pid } = size;
  sinks.notice(
    `to name what grows, ${SNAPSHOTS} heap snapshots of process ${pid} are taken, which stop it for ${pauseText(size)} ` +
      'each: nothing of this is judged (--heap-snapshots off)',
  );
  const files: string[] = [];
  const profile = join(folder, 'allocations.heapprofile');
  const totals: (number | null)[] = [];
  try {
    for (let n = 1; n <= SNAPSHOTS; n++) {
      totals.push(await units.next());
      await clock.sleep(SETTLE_MS, signal);
      const now = { ...allowed(heap, folder), pid };
      const file = join(folder, `${n}.heapsnapshot`);
      files.push(file);
      // The process that writes it keeps the mode of a file that is there.
      writeFileSync(file, '', { mode: 0o600 });
      const around = n === 1 ? { sample: true } : n === SNAPSHOTS ? { profile } : {};
      await takeOne(heap, now, { snapshot: file, ...around }, signal);
    }
    const allocations = existsSync(profile) ? profile : null;
    return { engine: heap.engine, pid, files, allocations, operations: meanStep(totals) };
  } catch (error) {
    removeSnapshots([...files, profile], folder);
    throw error;
  }
}

/** Takes raw snapshots away, and their folder where nothing else is in it. */
export function removeSnapshots(files: readonly string[], folder: string): void {
  for (const file of files) rmSync(file, { force: true });
  try {
    rmdirSync(folder);
  } catch {
    // Others of the run are kept in it.
  }
}

/** The heap to look at. Throws `could-not-run` when a snapshot of it must not be taken. */
function allowed(heap: SnapshotEngine, folder: string): HeapSize {
  const size = heap.largest();
  if (size === null) throw couldNotRun('the target has not said how large its heap is');
  const reason = whyNot(size, meansFor(size.pid, folder));
  if (reason !== null) throw couldNotRun(reason);
  return size;
}

async function takeOne(
  heap: SnapshotEngine,
  size: HeapSize,
  wanted: WantedSnapshot,
  signal: AbortSignal,
): Promise<void> {
  const patience = AbortSignal.timeout(patienceMs(size));
  try {
    await heap.snapshot(size.pid, wanted, AbortSignal.any([signal, patience]));
  } catch (error) {
    if (!patience.aborted || signal.aborted) throw error;
    const why = error instanceof HarnessError ? `: ${error.message}` : '';
    throw couldNotRun(`a heap snapshot was not complete after ${formatDuration(patienceMs(size))}${why}`);
  }
}

/** From the first total to the last, per step; null where one is missing. */
function meanStep(totals: readonly (number | null)[]): number | null {
  const [first, last] = [totals[0] ?? null, totals.at(-1) ?? null];
  if (first === null || last === null) return null;
  return Math.max(1, Math.round((last - first) / (totals.length - 1)));
}
