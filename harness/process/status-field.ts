import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

/** One field of /proc/PID/status (proc_pid_status(5)); null where there is none, or the process may not be seen. */
function statusField(pid: number, name: string): string | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    return new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)?.[1] ?? null;
  } catch {
    return null;
  }
}

/** Whether a process has a handler for a signal: its bit in SigCgt. False where that cannot be seen. */
export function catches(pid: number, signal: NodeJS.Signals): boolean {
  const mask = statusField(pid, 'SigCgt');
  return mask !== null && ((BigInt(`0x${mask}`) >> BigInt(constants.signals[signal] - 1)) & 1n) === 1n;
}

/** Resident bytes that no file stands behind, in which the heap is; null where that cannot be seen. */
export function anonymousBytes(pid: number): number | null {
  const kib = statusField(pid, 'RssAnon');
  return kib === null ? null : 1024 * Number(kib);
}
