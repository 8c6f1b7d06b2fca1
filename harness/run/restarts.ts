import type { ProcessRow } from '../core/process-row.js';
import { formatBytes, formatDuration } from '../core/units.js';
import type { Warning } from '../core/warning.js';
import { median, sortSamples } from '../stats/sorted-samples.js';

/** A process that lived longer than this is a worker, not a job of its own such as a CGI program. */
const WORKER_AGE_MS = 1_000;

/** A new process of the same name and parent within this time takes the place of one that has ended. */
const REPLACED_WITHIN_MS = 5_000;

/** Notices workers of the target that end and are started again. */
export interface RestartWatch {
  /** Takes the processes of the target's tree at one tick. */
  see(rows: readonly ProcessRow[]): void;
  /** What to say of the restarts so far; null when there were none. */
  warning(): Warning | null;
}

interface Worker {
  readonly role: string;
  readonly firstMs: number;
  readonly lastMs: number;
  /** RSS once it was past its start, and at last; null until then, and where it was not read. */
  readonly settledBytes: number | null;
  readonly lastBytes: number | null;
}

/** How long ended workers lived and what they took up meanwhile; the newest of them, so that a long run stays small. */
interface Life {
  readonly ms: number;
  readonly grownBytes: number | null;
}
const LIVES = 100;

/** Remembers the living processes, and the ended workers for as long as one may take their place. */
export function watchRestarts(): RestartWatch {
  const alive = new Map<number, Worker>();
  let vacancies: readonly Worker[] = [];
  let ticks = 0;
  let restarts = 0;
  let lives: readonly Life[] = [];
  let last: { readonly name: string; readonly atMs: number } | null = null;

  const arrive = (row: ProcessRow, role: string): void => {
    const vacancy = vacancies.find((worker) => worker.role === role);
    if (vacancy === undefined) return;
    vacancies = vacancies.filter((worker) => worker !== vacancy);
    restarts++;
    last = { name: row.name ?? 'a process', atMs: row.elapsedMs };
  };

  return {
    see(rows) {
      const nowMs = rows[0]?.elapsedMs ?? 0;
      const present = new Set(rows.map(({ pid }) => pid));
      for (const [pid, worker] of alive) {
        if (present.has(pid)) continue;
        alive.delete(pid);
        const ms = worker.lastMs - worker.firstMs;
        if (ms < WORKER_AGE_MS) continue;
        vacancies = [...vacancies, worker];
        lives = [...lives, { ms, grownBytes: grownBy(worker) }].slice(-LIVES);
      }
      vacancies = vacancies.filter(({ lastMs }) => nowMs - lastMs <= REPLACED_WITHIN_MS);
      for (const row of rows) {
        const role = `${row.parentPid} ${row.name}`;
        const known = alive.get(row.pid);
        if (known === undefined && ticks > 0) arrive(row, role);
        const firstMs = known?.firstMs ?? row.elapsedMs;
        const settled = row.elapsedMs - firstMs >= WORKER_AGE_MS;
        alive.set(row.pid, {
          role,
          firstMs,
          lastMs: row.elapsedMs,
          settledBytes: known?.settledBytes ?? (settled ? row.rssBytes : null),
          // A zombie reads 0.
          lastBytes: row.rssBytes === 0 ? (known?.lastBytes ?? null) : row.rssBytes,
        });
      }
      ticks++;
    },
    warning() {
      if (last === null) return null;
      const times = restarts === 1 ? 'a worker process' : `${restarts} worker processes`;
      return {
        id: 'target-restarted',
        // What a worker had grown by goes with it, so that a flat sum is no pass.
        concerns: 'coverage',
        message:
          `${times} of the target ended and another was started in its place, last ${last.name} at ` +
          `${(last.atMs / 1000).toFixed(1)} s: what a worker keeps goes with it, so that a flat sum says nothing of ` +
          `its growth${inTheMedian(lives)}; from outside a crash looks the same as recycling: read target.log, or ` +
          'switch recycling off to have the workers judged',
      };
    },
  };
}

function grownBy({ settledBytes, lastBytes }: Worker): number | null {
  return settledBytes === null || lastBytes === null ? null : lastBytes - settledBytes;
}

/** ` (in the median they lived 11 s, and RSS rose by 1.2 MiB from their first second on)`; empty when nothing was read. */
function inTheMedian(lives: readonly Life[]): string {
  const ms = sortSamples(lives.map((life) => life.ms));
  const grown = sortSamples(lives.flatMap(({ grownBytes }) => grownBytes ?? []));
  if (ms === null || grown === null) return '';
  const [life, by] = [formatDuration(median(ms)), median(grown)];
  return ` (in the median they lived ${life}, and RSS ${by < 0 ? 'fell' : 'rose'} by ${formatBytes(Math.abs(by))} from their first second on)`;
}
