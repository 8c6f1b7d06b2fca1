/** The end of a process that is not our child: nobody tells us, so /proc is asked. */
import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { statFields } from './stat-fields.js';
import type { ProcessExit } from './target-process.js';

const LOOK_EVERY_MS = 500;

/** Places among `statFields`: numbers 3, 22 and 52 in proc_pid_stat(5). */
const STATE = 0;
const START_TICKS = 19;
const EXIT_STATUS = 49;

/** Low bits of a wait status: the signal that ended the process; the exit code stands above them (wait(2)). */
const SIGNAL_BITS = 0x7f;

/** Start time of a live process, which is its identity together with its number; null when it has ended. */
export function identityOf(pid: number): string | null {
  const fields = statFields(pid);
  return hasEnded(fields) ? null : (fields[START_TICKS] ?? null);
}

/**
 * Resolves, never rejects, when the process born at that time has ended or the signal aborts. Of a zombie its
 * exit status can still be read; of one that has gone both code and signal are null.
 */
export async function awaitEnd(pid: number, born: string, signal: AbortSignal): Promise<ProcessExit> {
  const gone: ProcessExit = { code: null, signal: null, zombie: false, servedBy: null };
  try {
    for (;;) {
      const fields = statFields(pid);
      if (fields[START_TICKS] !== born) return gone;
      if (hasEnded(fields)) return { ...gone, ...decodeStatus(Number(fields[EXIT_STATUS])), zombie: true };
      await delay(LOOK_EVERY_MS, undefined, { signal, ref: false });
    }
  } catch {
    return gone;
  }
}

function decodeStatus(status: number): Pick<ProcessExit, 'code' | 'signal'> {
  const number = status & SIGNAL_BITS;
  if (number === 0) return { code: status >> 8, signal: null };
  const name = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  return { code: null, signal: name ?? `signal ${number}` };
}

function hasEnded(fields: readonly string[]): boolean {
  return fields[STATE] === undefined || fields[STATE] === 'Z' || fields[STATE] === 'X';
}
