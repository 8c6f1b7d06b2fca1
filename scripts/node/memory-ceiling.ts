import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findGroupWay, groupCommand } from '../../harness/process/memory-group.js';

/** A control group with a limit on memory, at which the kernel ends what is in it, as a systemd unit's MemoryMax does. */
export interface MemoryCeiling {
  /** Put in front of a command, it runs in the group. */
  readonly wrap: readonly string[];
  /** Takes the group away once its processes have ended. */
  remove(): Promise<void>;
}

/** Where cgroup v1 has its memory controller; the harness knows v2 only. */
const V1 = '/sys/fs/cgroup/memory';

/** A group of this name; null where this machine gives us none. */
export function memoryCeiling(name: string, maxBytes: number): MemoryCeiling | null {
  try {
    const { command, remove } = groupCommand(
      findGroupWay('--memory-max'),
      { high: null, max: maxBytes },
      name,
      ['env'],
    );
    return { wrap: command, remove };
  } catch {
    return v1Ceiling(name, maxBytes);
  }
}

function v1Ceiling(name: string, maxBytes: number): MemoryCeiling | null {
  const folder = join(V1, name);
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, 'memory.limit_in_bytes'), String(maxBytes));
    const isSet = Number(readFileSync(join(folder, 'memory.limit_in_bytes'), 'latin1')) <= maxBytes;
    if (!isSet) throw new Error('the limit was not taken');
  } catch {
    return null;
  }
  return {
    wrap: ['sh', '-c', 'echo $$ > "$0/tasks" && exec "$@"', folder],
    remove: async () => rmdirSync(folder),
  };
}
