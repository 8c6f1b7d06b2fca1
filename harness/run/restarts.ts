import type { ProcessRow } from '../core/process-row.js';
import type { Warning } from '../core/warning.js';

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
}

/** Remembers the living processes, and the ended workers for as long as one may take their place. */
export function watchRestarts(): RestartWatch {
  const alive = new Map<number, Worker>();
  let vacancies: readonly Worker[] = [];
  let ticks = 0;
  let restarts = 0;
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
        if (worker.lastMs - worker.firstMs >= WORKER_AGE_MS) vacancies = [...vacancies, worker];
      }
      vacancies = vacancies.filter(({ lastMs }) => nowMs - lastMs <= REPLACED_WITHIN_MS);
      for (const row of rows) {
        const role = `${row.parentPid} ${row.name}`;
        const known = alive.get(row.pid);
        if (known === undefined && ticks > 0) arrive(row, role);
        alive.set(row.pid, { role, firstMs: known?.firstMs ?? row.elapsedMs, lastMs: row.elapsedMs });
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
          `${(last.atMs / 1000).toFixed(1)} s, which hides growth: read target.log for a crash, or switch recycling off`,
      };
    },
  };
}
