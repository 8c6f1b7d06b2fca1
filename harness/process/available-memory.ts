import { readFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { dirname, join } from 'node:path';

/** Where control groups v2 are mounted (cgroups(7)). */
const CGROUP_MOUNT = '/sys/fs/cgroup';

/** Bytes that can be had without swapping: MemAvailable of /proc/meminfo (proc(5)), where there is one. */
export function availableMemory(): number {
  const kib = /^MemAvailable:\s+(\d+) kB$/m.exec(textOf('/proc/meminfo') ?? '')?.[1];
  return kib === undefined ? freemem() : Number(kib) * 1024;
}

/** Bytes that a process can have: what is available, or less where its control group or one above it sets a limit. */
export function memoryLeftFor(pid: number, proc = '/proc', mount = CGROUP_MOUNT): number {
  let left = availableMemory();
  const group = /^0::(\/.*)$/m.exec(textOf(`${proc}/${pid}/cgroup`) ?? '')?.[1] ?? '/';
  for (let at = group; ; at = dirname(at)) {
    // `max` where there is no limit, and no such file at the root.
    const limit = Number(textOf(join(mount, at, 'memory.max')) ?? Number.NaN);
    const used = Number(textOf(join(mount, at, 'memory.current')) ?? Number.NaN);
    if (limit - used < left) left = Math.max(0, limit - used);
    if (at === dirname(at)) return left;
  }
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}
