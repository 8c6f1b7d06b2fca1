import { readFileSync } from 'node:fs';

/**
 * The fields of /proc/PID/stat (proc_pid_stat(5)) from the third on, counted from 0: those behind the name, which may
 * hold blanks and parentheses itself. Empty when there is no such process.
 */
export function statFields(pid: number): readonly string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1').trimEnd();
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
