import { readFileSync } from 'node:fs';

/**
 * How many processes the kernel has killed for lack of memory since boot, of the machine or of a control group:
 * `oom_kill` of /proc/vmstat (Linux 4.13). Null where it is not counted.
 */
export function oomKills(): number | null {
  try {
    const count = /^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'latin1'))?.[1];
    return count === undefined ? null : Number(count);
  } catch {
    return null;
  }
}
